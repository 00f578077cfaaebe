-- The register of figures: each at its first publication, and again when it changes.
INSERT INTO published_figure BY NAME
WITH last_printed AS (
    SELECT indicator_id, area_code, period_end, figure.value
    FROM published_figure AS figure
    JOIN run USING (run_id)
    QUALIFY row_number() OVER (PARTITION BY indicator_id, area_code, period_end ORDER BY run.as_of DESC) = 1
)
SELECT rolling.run_id, indicator_id, area_code, period_end, numerator, denominator, rolling.value
FROM rolling_12m AS rolling
LEFT JOIN last_printed USING (indicator_id, area_code, period_end)
WHERE rolling.value IS NOT NULL AND rolling.value IS DISTINCT FROM last_printed.value;
