-- How fresh each source is, as known at the run's instant.
INSERT INTO published.freshness BY NAME
FROM freshness_as_of($as_of::TIMESTAMP);
