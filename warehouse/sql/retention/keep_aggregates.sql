-- What the contents that rows leave count, in every month: an episode that was referred in one ends in another. All of
-- their rows are counted together, so that one who leaves cannot be told from those who stay; what is kept stays.
INSERT INTO kept_aggregate BY NAME
WITH leaving_content AS (
    SELECT DISTINCT content_id, source FROM leaving ANTI JOIN kept_aggregate USING (content_id)
),
leaving_referral AS (
    SELECT fact.*, source FROM fact_referrals AS fact JOIN leaving_content USING (content_id)
),
ever_covered AS (
    SELECT DISTINCT slice.source, slice.area_code, slice.month, measure_id FROM slice JOIN coverage USING (content_id)
)
SELECT
    content_id, source, area_code, month, 1 AS months, service_id AS subject_id, measure_id, breakdown, breakdown_value,
    coalesce(sum(amount) FILTER (holds), 0)::BIGINT AS value,
    coalesce(sum(amount) FILTER (is_known), 0)::BIGINT AS base
FROM referral_divided_of('leaving_referral', 'ever_covered')
GROUP BY ALL
UNION ALL BY NAME
-- A row of zero says that it was counted: what is asked for later cannot be, any more.
SELECT DISTINCT
    content_id, source, slice.area_code, slice.month, 1 AS months, subject_id, coverage.measure_id, breakdown,
    CASE breakdown WHEN 'all' THEN 'all' ELSE 'NOT_KNOWN' END AS breakdown_value,
    0 AS value,
    0 AS base
FROM leaving_content
JOIN slice USING (content_id, source)
JOIN coverage USING (content_id)
JOIN referral_breakdowns() AS asked ON asked.service_id = subject_id AND asked.measure_id = coverage.measure_id;
