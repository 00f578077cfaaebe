-- Every covered month of every count of records, undivided and by each breakdown that an indicator asks for.
-- `base` is how much of the count has a known answer to the breakdown.
CREATE OR REPLACE MACRO referral_measure_as_of(instant) AS TABLE
WITH standing AS (
    FROM referral_coverage_as_of(instant)
),
-- Of contents whose records were removed, the counts that were kept are read.
covered AS (
    FROM standing ANTI JOIN kept_aggregate USING (content_id)
),
divided AS MATERIALIZED (
    FROM referral_divided_as_of(instant)
),
summed AS (
    SELECT
        source, area_code, service_id, measure_id, month, breakdown, breakdown_value,
        coalesce(sum(amount) FILTER (holds), 0)::BIGINT AS value
    FROM divided
    GROUP BY ALL
),
based AS (
    SELECT
        source, area_code, service_id, measure_id, month, breakdown, base_of,
        coalesce(sum(amount) FILTER (is_known), 0)::BIGINT AS base
    FROM divided
    GROUP BY ALL
),
values_met AS (
    SELECT DISTINCT source, area_code, service_id, measure_id, breakdown, breakdown_value, base_of FROM divided
    UNION
    SELECT DISTINCT source, area_code, service_id, measure_id, 'all', 'all', '' FROM covered
)
SELECT
    area_code,
    month,
    1 AS months,
    service_id AS subject_id,
    measure_id,
    breakdown,
    breakdown_value,
    coalesce(value, 0) AS value,
    coalesce(base, 0) AS base,
    source,
    content_id,
    [submission_id] AS submissions,
    false AS is_kept_aggregate
FROM covered
JOIN values_met USING (source, area_code, service_id, measure_id)
LEFT JOIN summed USING (source, area_code, service_id, measure_id, month, breakdown, breakdown_value)
LEFT JOIN based USING (source, area_code, service_id, measure_id, month, breakdown, base_of)
UNION ALL BY NAME
SELECT kept.*, [standing.submission_id] AS submissions, true AS is_kept_aggregate
FROM standing
JOIN kept_aggregate AS kept
    ON kept.content_id = standing.content_id
    AND kept.subject_id = standing.service_id
    AND kept.measure_id = standing.measure_id;
