-- By what a figure that is published for an area and period is divided.
SELECT DISTINCT breakdown, breakdown_value
FROM published.rolling_12m
WHERE indicator_id = $indicator_id AND area_code = $area_code AND period_end = $period_end::DATE
ORDER BY ALL;
