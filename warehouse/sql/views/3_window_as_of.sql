-- Each series over the 12 months to each month of the spine: known only where all 12 are covered.
CREATE OR REPLACE MACRO window_as_of(instant) AS TABLE
WITH monthly AS MATERIALIZED (
    FROM monthly_measure_as_of(instant)
),
series AS (
    SELECT numerator_subject AS subject_id, numerator_measure AS measure_id
    FROM dim_indicator
    WHERE numerator_subject <> 'NOT_APPLICABLE'
    UNION
    SELECT denominator_subject, denominator_measure FROM dim_indicator WHERE denominator_subject IS NOT NULL
),
spine AS (
    SELECT area_code, month, subject_id, measure_id
    FROM (SELECT DISTINCT area_code FROM monthly)
    CROSS JOIN dim_period
    CROSS JOIN series
    WHERE month BETWEEN (SELECT min(month) FROM monthly) AND (SELECT max(month) FROM monthly)
)
SELECT
    area_code,
    month,
    subject_id,
    measure_id,
    count(value) OVER twelve AS months_covered,
    CASE WHEN count(value) OVER twelve = 12 THEN sum(value) OVER twelve END AS value,
    list_sort(list_distinct(list(submission_id) OVER twelve)) AS submissions,
    max(month) FILTER (value IS NOT NULL) OVER (PARTITION BY area_code, subject_id, measure_id) AS latest_month
FROM spine
LEFT JOIN monthly USING (area_code, month, subject_id, measure_id)
-- The spine has every month, so 12 rows are 12 months.
WINDOW twelve AS (
    PARTITION BY area_code, subject_id, measure_id ORDER BY month ROWS BETWEEN 11 PRECEDING AND CURRENT ROW
);
