-- Every indicator, as known at the run's instant.
DELETE FROM rolling_12m;
INSERT INTO rolling_12m BY NAME
SELECT *, $run_id AS run_id FROM rolling_12m_as_of($as_of::TIMESTAMP);
