-- The counts of a series that a window is made of, as they were published.
SELECT month, months, value, source, title, string_split(submission_id, ', ') AS submissions
FROM published.monthly_measure AS monthly
LEFT JOIN published.source USING (source)
WHERE area_code = $area_code
    AND subject_id = $subject_id
    AND measure_id = $measure_id
    AND breakdown = $breakdown
    AND breakdown_value = $breakdown_value
    AND month <= $period_end::DATE
    AND month + to_months(months) > date_trunc('month', $period_end::DATE) - INTERVAL 11 MONTHS
ORDER BY month;
