-- Every covered month of every series; a covered month without a row is zero.
CREATE OR REPLACE MACRO monthly_measure_as_of(instant) AS TABLE
WITH covered AS (
    SELECT slice.area_code, slice.month, subject_id, measure_id, source, content_id, slice.submission_id
    FROM slice_as_of(instant) AS slice
    JOIN coverage USING (content_id)
    JOIN source USING (source)
    QUALIFY row_number() OVER (
        PARTITION BY slice.area_code, slice.month, subject_id, measure_id ORDER BY precedence, source
    ) = 1
)
SELECT
    covered.area_code,
    covered.month,
    covered.subject_id,
    covered.measure_id,
    coalesce(fact.value, 0) AS value,
    covered.source,
    covered.content_id,
    covered.submission_id
FROM covered
LEFT JOIN fact_offences AS fact
    ON fact.content_id = covered.content_id
    AND fact.offence_id = covered.subject_id
    AND fact.measure_id = covered.measure_id;
