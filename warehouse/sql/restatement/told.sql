-- By how much a submission restates published figures of 12 months, beyond the limit of what is told: the worst first.
SELECT area_code, area_name, series_in_words(subject_id, measure_id) AS series, last_month, was, would_be, percent
FROM restated_window
JOIN dim_area USING (area_code)
WHERE percent > told_percent AND difference >= least_difference
QUALIFY row_number() OVER (PARTITION BY area_code, subject_id, measure_id ORDER BY percent DESC, last_month DESC) = 1
ORDER BY percent DESC, area_code, subject_id, measure_id;
