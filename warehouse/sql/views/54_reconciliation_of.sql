-- The same figure from the source that is read and from another one, of a table of all that is measured: compared, never
-- added.
CREATE OR REPLACE MACRO reconciliation_of(counts) AS TABLE
WITH compared AS MATERIALIZED (
    SELECT counted.*, is_read
    FROM query_table(counts) AS counted
    JOIN source_of_truth_of(counts) USING (subject_id, measure_id, source)
    WHERE breakdown = 'all'
)
SELECT
    other.area_code,
    other.subject_id,
    other.measure_id,
    other.month AS period_start,
    last_day((other.month + to_months(other.months - 1))::DATE) AS period_end,
    read.source AS read_source,
    sum(read.value)::BIGINT AS read_value,
    other.source AS other_source,
    any_value(other.value) AS other_value,
    any_value(other.value) - sum(read.value)::BIGINT AS difference
FROM compared AS other
JOIN compared AS read
    ON read.is_read
    AND read.area_code = other.area_code
    AND read.subject_id = other.subject_id
    AND read.measure_id = other.measure_id
    AND read.month >= other.month
    AND read.month + to_months(read.months) <= other.month + to_months(other.months)
WHERE NOT other.is_read AND other.value IS NOT NULL
GROUP BY other.area_code, other.subject_id, other.measure_id, other.month, other.months, read.source, other.source
HAVING sum(read.months) = any_value(other.months) AND count(read.value) = count(*);
