-- Every covered month of every series, as known at the run's instant.
INSERT INTO published.monthly_measure BY NAME
SELECT * EXCLUDE (content_id) FROM monthly_measure_as_of($as_of::TIMESTAMP) ORDER BY ALL;
