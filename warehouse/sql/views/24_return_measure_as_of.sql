-- Every period of every count of a return; undivided only where all the parts that make the whole have reported.
CREATE OR REPLACE MACRO return_measure_as_of(instant) AS TABLE
WITH held AS (
    SELECT slice.*, subject_id, measure_id
    FROM slice_as_of(instant) AS slice
    JOIN source USING (source)
    JOIN coverage USING (content_id)
    WHERE loads = 'fact_return_counts'
),
expected AS (
    SELECT period.source, period.month, greatest(count(part.part), 1) AS parts
    FROM (SELECT DISTINCT source, month FROM held) AS period
    LEFT JOIN part
        ON part.source = period.source
        AND part.valid_from <= period.month
        AND coalesce(part.valid_to >= period.month, true)
    GROUP BY period.source, period.month
),
whole AS (
    SELECT source, area_code, month, months, subject_id, measure_id, list(submission_id) AS submissions
    FROM held
    JOIN expected USING (source, month)
    GROUP BY source, area_code, month, months, subject_id, measure_id, parts
    HAVING count(*) >= parts
),
counted AS (
    SELECT
        held.source, held.area_code, held.month, months, subject_id, held.measure_id, breakdown, breakdown_value,
        CASE WHEN count(value) = count(*) THEN sum(value)::BIGINT END AS value,
        list(DISTINCT held.submission_id) AS submissions
    FROM held
    JOIN fact_return_counts AS fact
        ON fact.content_id = held.content_id AND service_id = subject_id AND fact.measure_id = held.measure_id
    GROUP BY ALL
),
values_met AS (
    SELECT DISTINCT source, area_code, subject_id, measure_id, breakdown, breakdown_value FROM counted
    UNION
    SELECT DISTINCT source, area_code, subject_id, measure_id, 'all', 'all' FROM whole
),
filled AS (
    SELECT
        whole.* EXCLUDE (submissions),
        breakdown,
        breakdown_value,
        -- A value that does not stand in a complete return is zero; one that stands there empty was withheld.
        CASE WHEN counted.submissions IS NULL THEN 0 ELSE counted.value END AS value,
        whole.submissions
    FROM whole
    JOIN values_met USING (source, area_code, subject_id, measure_id)
    LEFT JOIN counted
        USING (source, area_code, month, months, subject_id, measure_id, breakdown, breakdown_value)
)
SELECT
    area_code, month, months, subject_id, measure_id, breakdown, breakdown_value, value,
    NULL::BIGINT AS base, source, NULL::VARCHAR AS content_id, submissions
FROM (
    FROM filled
    UNION ALL BY NAME
    -- Where a part is missing, each part that has reported still stands for itself.
    FROM (FROM counted WHERE breakdown <> 'all')
    ANTI JOIN whole USING (source, area_code, month, months, subject_id, measure_id)
);
