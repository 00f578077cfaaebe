-- The submissions of which something is held back: how much, why, and the figure of 12 months that would change the most.
WITH held AS (
    SELECT
        *,
        series_in_words(subject_id, measure_id) AS series,
        row_number() OVER (
            PARTITION BY submission_id
            ORDER BY abs(window_would_be - window_was) / greatest(window_was, 1) DESC NULLS LAST,
                abs(coalesce(would_be, 0) - coalesce(was, 0)) DESC, area_code, month, subject_id, measure_id
        ) = 1 AS is_worst
    FROM restatement_as_of($instant::TIMESTAMP)
)
SELECT
    submission_id,
    any_value(submission.source) AS source,
    any_value(title) AS title,
    any_value(file_name) AS file_name,
    any_value(received_at) AS received_at,
    min(held_at) AS held_at,
    count(DISTINCT slice_key) AS slices,
    list_sort(list(DISTINCT rule)) AS rules,
    min(month) AS first_month,
    max(month) AS last_month,
    count(DISTINCT area_code) AS areas,
    any_value(area_name) FILTER (is_worst) AS area_name,
    any_value(series) FILTER (is_worst) AS series,
    any_value(month) FILTER (is_worst) AS month,
    any_value(was) FILTER (is_worst) AS was,
    any_value(would_be) FILTER (is_worst) AS would_be,
    any_value(window_end) FILTER (is_worst) AS window_end,
    any_value(window_was) FILTER (is_worst) AS window_was,
    any_value(window_would_be) FILTER (is_worst) AS window_would_be
FROM held
JOIN submission USING (submission_id)
LEFT JOIN source ON source.source = submission.source
LEFT JOIN dim_area USING (area_code)
GROUP BY submission_id
ORDER BY held_at DESC, submission_id DESC;
