-- Every covered period of every series, as known at the run's instant.
INSERT INTO published.monthly_measure BY NAME
SELECT * EXCLUDE (content_id, base, submissions, is_kept_aggregate), array_to_string(list_sort(submissions), ', ') AS submission_id
FROM monthly_measure_as_of($as_of::TIMESTAMP)
ORDER BY ALL;
