-- How many figures a publication has, made again or as printed, and how many of them are not the same.
SELECT
    count(coalesce(figure.value, printed.value)) AS figures,
    count(*) FILTER (figure.value IS DISTINCT FROM printed.value) AS misprinted
FROM published.rolling_12m AS figure
FULL JOIN printed_as_of($as_of::TIMESTAMP) AS printed USING (indicator_id, area_code, breakdown, breakdown_value, period_end);
