-- Which source each series is read from, of a table of all that is measured; the others are compared with it.
CREATE OR REPLACE MACRO source_of_truth_of(counts) AS TABLE
SELECT
    subject_id, measure_id, source, precedence,
    row_number() OVER (PARTITION BY subject_id, measure_id ORDER BY precedence, source) = 1 AS is_read
FROM (SELECT DISTINCT subject_id, measure_id, source FROM query_table(counts))
JOIN source USING (source);
