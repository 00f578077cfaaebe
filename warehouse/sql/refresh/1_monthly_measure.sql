-- Every covered period of every series, as known at the run's instant. What is measured is computed once, for all figures.
CREATE OR REPLACE TEMP TABLE measured AS
FROM measured_as_of($as_of::TIMESTAMP);

CREATE OR REPLACE TEMP TABLE monthly_measure AS
FROM monthly_measure_of('measured');

INSERT INTO published.monthly_measure BY NAME
SELECT * EXCLUDE (content_id, base, submissions, is_kept_aggregate), array_to_string(list_sort(submissions), ', ') AS submission_id
FROM monthly_measure
ORDER BY ALL;
