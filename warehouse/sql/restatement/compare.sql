-- The counts that a submission would change, period by period and over the 12 months to each, against what was last
-- published. The submission is the latest thing loaded, and nothing of it is held back yet.
CREATE OR REPLACE TEMP TABLE restated_period AS
WITH together AS (
    SELECT *, value AS was, NULL::BIGINT AS would_be, months AS months_was, 0 AS months_would_be, [] AS brought_by
    FROM published_count
    UNION ALL BY NAME
    SELECT *, NULL::BIGINT AS was, value AS would_be, 0 AS months_was, months AS months_would_be,
        submissions AS brought_by
    FROM stated_as_of(TIMESTAMP '9999-12-31')
    SEMI JOIN touched USING (subject_id, measure_id)
)
SELECT
    area_code, subject_id, measure_id, last_month,
    min(month) AS month,
    max(months) AS months,
    sum(was)::BIGINT AS was,
    sum(would_be)::BIGINT AS would_be,
    CASE WHEN count(was) = count(*) FILTER (months_was > 0) THEN sum(months_was) END AS months_was,
    CASE WHEN count(would_be) = count(*) FILTER (months_would_be > 0) THEN sum(months_would_be) END AS months_would_be,
    list_contains(flatten(list(brought_by)), $submission_id) AS is_brought,
    any_value(content_id) FILTER (list_contains(brought_by, $submission_id)) AS content_id
FROM together
GROUP BY area_code, subject_id, measure_id, last_month;

CREATE OR REPLACE TEMP TABLE restated_window AS
SELECT
    area_code, subject_id, measure_id, last_month, was, would_be, least_difference, told_percent, held_percent,
    abs(coalesce(would_be, 0) - was) AS difference,
    CASE WHEN was > 0 THEN 100.0 * abs(coalesce(would_be, 0) - was) / was ELSE 100 END AS percent
FROM (
    SELECT
        area_code, subject_id, measure_id, last_month,
        sum(was) OVER twelve AS was,
        CASE WHEN sum(months_would_be) OVER twelve = 12 OR subject_id = 'POPULATION' THEN sum(would_be) OVER twelve END AS would_be,
        sum(months_was) OVER twelve = 12 OR subject_id = 'POPULATION' AND was IS NOT NULL AS was_known
    FROM restated_period
    WINDOW twelve AS (
        PARTITION BY area_code, subject_id, measure_id
        ORDER BY last_month RANGE BETWEEN INTERVAL 11 MONTHS PRECEDING AND CURRENT ROW
    )
)
CROSS JOIN restatement_limit
WHERE was_known AND was IS DISTINCT FROM would_be;
