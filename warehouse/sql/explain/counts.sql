-- The counts of a series that a window is made of, as they were read for the publication.
SELECT month, months, value, source, title, submissions
FROM monthly_measure_as_of($as_of::TIMESTAMP) AS monthly
LEFT JOIN source USING (source)
WHERE area_code = $area_code
    AND subject_id = $subject_id
    AND measure_id = $measure_id
    AND breakdown = $breakdown
    AND breakdown_value = $breakdown_value
    AND month <= $period_end::DATE
    AND month + to_months(months) > date_trunc('month', $period_end::DATE) - to_months($window_months::INTEGER - 1)
ORDER BY month;
