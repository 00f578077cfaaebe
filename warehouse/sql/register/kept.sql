-- The publications that are kept: the last ten, the last of each of 30 days, and the last of each month.
SELECT run_id
FROM run
QUALIFY row_number() OVER (ORDER BY as_of DESC) <= 10
    OR row_number() OVER (PARTITION BY date_trunc('month', as_of) ORDER BY as_of DESC) = 1
    OR (
        as_of > $now::TIMESTAMP - INTERVAL 30 DAY
        AND row_number() OVER (PARTITION BY date_trunc('day', as_of) ORDER BY as_of DESC) = 1
    )
    OR run_id IN (SELECT run_id FROM rolled_back());
