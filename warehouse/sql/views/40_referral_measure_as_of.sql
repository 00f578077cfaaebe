-- Every covered month of every count of records, undivided and by each breakdown that an indicator asks for.
-- `base` is how much of the count has a known answer to the breakdown.
CREATE OR REPLACE MACRO referral_measure_as_of(instant) AS TABLE
WITH covered AS (
    FROM referral_coverage_as_of(instant)
),
-- Of contents whose records were removed, the counts that were kept are read.
kept AS (
    SELECT kept.*, subject_id AS service_id
    FROM kept_aggregate AS kept
    SEMI JOIN slice_as_of(instant) AS slice USING (content_id)
),
counted AS (
    SELECT
        source, area_code, service_id, measure_id, month, breakdown, breakdown_value,
        coalesce(sum(amount) FILTER (holds), 0) AS value,
        coalesce(sum(amount) FILTER (is_known), 0) AS base,
        false AS is_kept_aggregate
    FROM referral_divided_as_of(instant)
    GROUP BY ALL
    UNION ALL BY NAME
    SELECT
        source, area_code, service_id, measure_id, month, breakdown, breakdown_value, value, base,
        true AS is_kept_aggregate
    FROM kept
),
based AS MATERIALIZED (
    SELECT *, base_of(breakdown, breakdown_value) AS base_of FROM counted
),
summed AS (
    SELECT source, area_code, service_id, measure_id, month, breakdown, breakdown_value, sum(value)::BIGINT AS value
    FROM based
    GROUP BY ALL
),
bases AS (
    SELECT
        source, area_code, service_id, measure_id, month, breakdown, base_of, sum(base)::BIGINT AS base,
        bool_or(is_kept_aggregate) AS is_kept_aggregate
    FROM based
    GROUP BY ALL
),
values_met AS (
    SELECT DISTINCT source, area_code, service_id, measure_id, breakdown, breakdown_value, base_of
    FROM based
    WHERE NOT is_kept_aggregate OR value > 0 OR base > 0
    UNION
    SELECT DISTINCT source, area_code, service_id, measure_id, 'all', 'all', '' FROM covered
),
-- What was not counted before records were removed is not known.
uncounted AS (
    SELECT content_id, service_id, measure_id, asked.breakdown
    FROM covered
    JOIN referral_breakdowns() AS asked USING (service_id, measure_id)
    SEMI JOIN kept USING (content_id)
    ANTI JOIN kept AS told
        ON told.content_id = covered.content_id
        AND told.service_id = covered.service_id
        AND told.measure_id = covered.measure_id
        AND told.breakdown = asked.breakdown
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
    coalesce(is_kept_aggregate, false) AS is_kept_aggregate
FROM covered
JOIN values_met USING (source, area_code, service_id, measure_id)
LEFT JOIN summed USING (source, area_code, service_id, measure_id, month, breakdown, breakdown_value)
LEFT JOIN bases USING (source, area_code, service_id, measure_id, month, breakdown, base_of)
ANTI JOIN uncounted USING (content_id, service_id, measure_id, breakdown);
