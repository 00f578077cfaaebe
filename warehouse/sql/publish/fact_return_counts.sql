-- The current counts of returns.
CREATE TABLE published.fact_return_counts AS
SELECT fact.* EXCLUDE (content_id), slice.source, slice.submission_id
FROM fact_return_counts AS fact
JOIN slice_as_of($as_of::TIMESTAMP) AS slice USING (content_id)
ORDER BY ALL;
