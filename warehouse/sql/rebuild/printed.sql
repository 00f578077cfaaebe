-- How many figures a publication that was made again has, and how many of them were printed otherwise.
SELECT count(*) AS figures, count(*) FILTER (figure.value IS DISTINCT FROM printed.value) AS misprinted
FROM published.rolling_12m AS figure
LEFT JOIN printed_as_of($as_of::TIMESTAMP) AS printed USING (indicator_id, area_code, breakdown, breakdown_value, period_end)
WHERE figure.value IS NOT NULL;
