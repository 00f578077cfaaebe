-- The counts of the contents that rows leave, as they were known at an instant; what is kept already stays.
INSERT INTO kept_aggregate BY NAME
SELECT
    measure.area_code,
    measure.month,
    measure.months,
    measure.subject_id,
    measure.measure_id,
    measure.breakdown,
    measure.breakdown_value,
    measure.value,
    measure.base,
    measure.source,
    measure.content_id
FROM referral_measure_as_of($instant::TIMESTAMP) AS measure
SEMI JOIN leaving ON leaving.content_id = measure.content_id
ANTI JOIN kept_aggregate AS kept ON kept.content_id = measure.content_id;
