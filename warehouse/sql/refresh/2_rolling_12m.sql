-- Every indicator, as known at the run's instant.
INSERT INTO published.rolling_12m BY NAME
SELECT *, $run_id AS run_id
FROM rolling_12m_of('monthly_measure', $as_of::TIMESTAMP)
ORDER BY indicator_id, area_code, breakdown, breakdown_value, period_end;
