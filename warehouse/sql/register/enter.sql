-- A publication: its run, and each figure at its first publication and again when it changes, or is not known any more.
INSERT INTO run BY NAME FROM new_run;
INSERT INTO published_figure BY NAME
WITH last_printed AS (
    SELECT indicator_id, area_code, breakdown, breakdown_value, period_end, figure.value
    FROM published_figure AS figure
    JOIN run USING (run_id)
    QUALIFY row_number() OVER (PARTITION BY indicator_id, area_code, breakdown, breakdown_value, period_end ORDER BY run.as_of DESC) = 1
)
SELECT
    (SELECT run_id FROM new_run) AS run_id, indicator_id, area_code, breakdown, breakdown_value, period_end, numerator,
    denominator, new_figure.value
FROM new_figure
FULL JOIN last_printed USING (indicator_id, area_code, breakdown, breakdown_value, period_end)
WHERE new_figure.value IS DISTINCT FROM last_printed.value;
