-- What is loaded and not published until somebody accepts it, as known at the run's instant.
INSERT INTO published.held_back BY NAME
SELECT * EXCLUDE (slice_key, content_id)
FROM restatement_as_of($as_of::TIMESTAMP)
ORDER BY ALL;
