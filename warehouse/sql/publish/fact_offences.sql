-- The current police figures of the source that takes precedence: adding them up counts nothing twice.
CREATE TABLE published.fact_offences AS
SELECT fact.* EXCLUDE (content_id), monthly.source, monthly.submissions[1] AS submission_id
FROM fact_offences AS fact
JOIN monthly_measure_as_of($as_of::TIMESTAMP) AS monthly
    ON monthly.content_id = fact.content_id
    AND monthly.subject_id = fact.offence_id
    AND monthly.measure_id = fact.measure_id
ORDER BY ALL;
