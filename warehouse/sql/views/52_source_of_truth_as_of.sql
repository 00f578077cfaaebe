-- Which source each series is read from; the others are compared with it.
CREATE OR REPLACE MACRO source_of_truth_as_of(instant) AS TABLE
SELECT
    subject_id, measure_id, source, precedence,
    row_number() OVER (PARTITION BY subject_id, measure_id ORDER BY precedence, source) = 1 AS is_read
FROM (SELECT DISTINCT subject_id, measure_id, source FROM measured_as_of(instant))
JOIN source USING (source);
