-- Every undivided figure of an area as it was first published, and as it was known at an instant.
SELECT
    indicator_id, indicator_name, period_end, reading.unit, places, first_printed_at AS published_at,
    first_value AS as_published, reading.value AS as_restated, display, flags
FROM rolling_12m_as_of($instant::TIMESTAMP) AS reading
JOIN dim_indicator USING (indicator_id)
JOIN printed_as_of($instant::TIMESTAMP) AS printed
    USING (indicator_id, area_code, breakdown, breakdown_value, period_end)
WHERE area_code = $area AND breakdown = 'all'
ORDER BY indicator_id, period_end;
