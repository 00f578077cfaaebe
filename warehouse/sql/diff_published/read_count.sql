-- The counts of a publication.
SELECT
    source, area_code, subject_id, measure_id, breakdown, breakdown_value, month, months, value,
    list_filter(string_split(submission_id, ', '), lambda one: one <> '') AS submissions
FROM monthly_measure;
