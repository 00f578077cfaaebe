-- Which source each series is read from, as known at the run's instant.
INSERT INTO published.source_of_truth BY NAME
FROM source_of_truth_of('measured') ORDER BY ALL;
