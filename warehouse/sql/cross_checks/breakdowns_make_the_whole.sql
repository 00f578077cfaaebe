-- The values of a breakdown add up to the undivided figure (R-C02); needs are several to a person, answers to a question.
SELECT
    part.area_code,
    last_day((part.month + to_months(part.months - 1))::DATE) AS period_end,
    format(
        '{} ({}) by {}: the parts make {}, and the whole is {}.',
        measure_name,
        coalesce(service_name, part.subject_id),
        replace(part.breakdown, '_', ' '),
        sum(part.value),
        any_value(whole.value)
    ) AS said
FROM published.monthly_measure AS part
JOIN published.monthly_measure AS whole
    ON whole.breakdown = 'all'
    AND whole.area_code = part.area_code
    AND whole.subject_id = part.subject_id
    AND whole.measure_id = part.measure_id
    AND whole.month = part.month
    AND whole.source = part.source
JOIN dim_measure ON dim_measure.measure_id = part.measure_id
LEFT JOIN dim_service ON service_id = part.subject_id
WHERE part.breakdown <> 'all' AND part.breakdown NOT LIKE '%_need' AND part.breakdown <> 'question'
GROUP BY
    part.area_code, part.month, part.months, part.subject_id, service_name, part.measure_id, measure_name, part.breakdown
HAVING count(part.value) = count(*) AND sum(part.value) <> any_value(whole.value);
