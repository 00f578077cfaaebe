-- A figure is there, or the reason why it is not.
SELECT indicator_id, area_code, period_end
FROM rolling_12m
WHERE (value IS NULL) = (reason IS NULL);
