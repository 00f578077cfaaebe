-- Each figure stands once.
SELECT indicator_id, area_code, breakdown, breakdown_value, period_end
FROM rolling_12m
GROUP BY ALL
HAVING count(*) > 1;
