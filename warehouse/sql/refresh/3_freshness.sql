-- How fresh each source is, as known at the run's instant.
DELETE FROM freshness;
INSERT INTO freshness BY NAME FROM freshness_as_of($as_of::TIMESTAMP);
