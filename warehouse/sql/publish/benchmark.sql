-- The current published figures to compare with.
CREATE TABLE published.benchmark AS
SELECT benchmark.* EXCLUDE (content_id), slice.submission_id
FROM benchmark
JOIN slice_as_of($as_of::TIMESTAMP) AS slice USING (content_id)
ORDER BY ALL;
