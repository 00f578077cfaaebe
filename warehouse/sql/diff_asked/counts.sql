-- The changed counts in words: those of the borough asked for first, then by month; those of the returns themselves last.
SELECT
    changed.*,
    coalesce(source.title, 'The returns themselves') AS title,
    area_name,
    series_in_words(subject_id, measure_id) AS series,
    list_sort((SELECT list(DISTINCT file_name) FROM submission WHERE list_contains(because_of, submission_id))) AS files
FROM (
    SELECT *, list_filter(new_submissions, lambda one: NOT list_contains(old_submissions, one)) AS because_of
    FROM changed_count
) AS changed
LEFT JOIN source USING (source)
LEFT JOIN dim_area USING (area_code)
ORDER BY area_code <> $area, area_code, changed.source = 'submission', month, subject_id, measure_id, breakdown, breakdown_value;
