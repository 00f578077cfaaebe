-- Every indicator and area has every month between the first and the last.
SELECT indicator_id, area_code, breakdown, breakdown_value
FROM rolling_12m
GROUP BY ALL
HAVING count(*) <> (SELECT date_diff('month', min(period_end), max(period_end)) + 1 FROM rolling_12m);
