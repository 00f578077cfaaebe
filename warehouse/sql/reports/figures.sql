-- Every undivided figure of an area as it was known at an instant.
FROM rolling_12m_as_of($instant::TIMESTAMP)
WHERE area_code = $area AND breakdown = 'all'
ORDER BY period_end, indicator_id;
