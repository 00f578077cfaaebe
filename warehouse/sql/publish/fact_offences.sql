-- The current police figures of the source that takes precedence: adding them up counts nothing twice.
CREATE TABLE published.fact_offences AS
SELECT fact.* EXCLUDE (content_id), slice.source, slice.submission_id
FROM fact_offences AS fact
JOIN slice_as_of($as_of::TIMESTAMP) AS slice USING (content_id)
SEMI JOIN published.monthly_measure AS monthly
    ON monthly.source = slice.source
    AND monthly.area_code = fact.area_code
    AND monthly.month = fact.month
    AND monthly.subject_id = fact.offence_id
    AND monthly.measure_id = fact.measure_id
ORDER BY ALL;
