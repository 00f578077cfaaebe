-- The counts that a submission would change, period by period and over the 12 months to each, against what was last
-- published. The submission is the latest thing loaded, and nothing of it is held back yet.
CREATE OR REPLACE TEMP TABLE restated_period AS
WITH brought AS (
    SELECT source, slice_key, content_id FROM slice WHERE submission_id = $submission_id
),
-- The series that it brings, and those that it brings no longer.
touched AS (
    SELECT DISTINCT subject_id, measure_id
    FROM coverage
    SEMI JOIN (
        SELECT content_id FROM brought
        UNION ALL
        SELECT standing.content_id
        FROM slice_as_of($published_at::TIMESTAMP) AS standing
        SEMI JOIN brought USING (source, slice_key)
    ) AS concerned USING (content_id)
    UNION
    SELECT DISTINCT 'POPULATION', measure_id
    FROM stated_as_of(TIMESTAMP '9999-12-31')
    WHERE subject_id = 'POPULATION' AND list_contains(submissions, $submission_id)
),
together AS (
    SELECT *, value AS was, NULL::BIGINT AS would_be, months AS months_was, 0 AS months_would_be, [] AS brought_by
    FROM stated_as_of($published_at::TIMESTAMP)
    UNION ALL BY NAME
    SELECT *, NULL::BIGINT AS was, value AS would_be, 0 AS months_was, months AS months_would_be,
        submissions AS brought_by
    FROM stated_as_of(TIMESTAMP '9999-12-31')
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
SEMI JOIN touched USING (subject_id, measure_id)
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
