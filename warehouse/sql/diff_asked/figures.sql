-- The changed figures: those of the borough asked for first, then by indicator and window.
SELECT
    changed.*,
    list_sort((SELECT list(DISTINCT file_name) FROM submission WHERE list_contains(because_of, submission_id))) AS files
FROM changed_figure AS changed
ORDER BY area_code <> $area, area_code, indicator_id, breakdown, breakdown_value, period_end;
