-- The current residents of every series.
CREATE TABLE published.population AS
SELECT population.* EXCLUDE (content_id), slice.submission_id
FROM population
JOIN slice_as_of($as_of::TIMESTAMP) AS slice USING (content_id)
ORDER BY ALL;
