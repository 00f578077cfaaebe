-- Every figure as it stood in the last publication up to an instant that gave, changed or lost it (no value), and when it was
-- given first.
CREATE OR REPLACE MACRO printed_as_of(instant) AS TABLE
SELECT
    indicator_id, area_code, breakdown, breakdown_value, period_end,
    arg_max_null(value, as_of) AS value,
    max(as_of) AS printed_at,
    arg_min(value, as_of) AS first_value,
    min(as_of) AS first_printed_at
FROM published_figure
JOIN run USING (run_id)
WHERE as_of <= instant
GROUP BY ALL;
