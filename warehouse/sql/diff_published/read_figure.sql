-- The figures of a publication.
SELECT
    indicator_id, indicator_name, area_code, area_name, breakdown, breakdown_value, period_end, unit, value, display,
    source_submission
FROM rolling_12m;
