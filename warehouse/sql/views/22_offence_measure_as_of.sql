-- Every covered month of every police series, of every source; a covered month without a row is zero.
CREATE OR REPLACE MACRO offence_measure_as_of(instant) AS TABLE
SELECT
    slice.area_code,
    slice.month,
    1 AS months,
    subject_id,
    coverage.measure_id,
    'all' AS breakdown,
    'all' AS breakdown_value,
    coalesce(fact.value, 0) AS value,
    NULL::BIGINT AS base,
    source,
    content_id,
    [slice.submission_id] AS submissions,
    false AS is_kept_aggregate
FROM slice_as_of(instant) AS slice
JOIN coverage USING (content_id)
JOIN source USING (source)
LEFT JOIN fact_offences AS fact
    ON fact.content_id = slice.content_id
    AND fact.offence_id = subject_id
    AND fact.measure_id = coverage.measure_id
WHERE loads = 'fact_offences';
