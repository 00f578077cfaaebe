-- A count above 50 that is exactly the one of the year before may have been carried over (R-P03).
SELECT
    area_code,
    period_end,
    format('{} is {}, exactly as in the year before: it may have been carried over.', indicator_name, display) AS said
FROM published.rolling_12m
JOIN dim_indicator USING (indicator_id)
JOIN dim_measure ON measure_id = numerator_measure
WHERE value = prior_value
    AND value > 50
    AND breakdown = 'all'
    AND rolling_12m.unit = 'count'
    AND additivity <> 'snapshot'
    AND month(period_end) = 3;
