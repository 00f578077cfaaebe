-- A published figure, and the series that it is made of.
SELECT
    figure.*,
    last_day((period_end - INTERVAL 1 YEAR)::DATE) AS period_end_before,
    presents,
    scale,
    numerator_subject,
    numerator_measure,
    denominator_subject,
    denominator_measure,
    CASE WHEN denominator_breakdown = 'same' THEN figure.breakdown ELSE 'all' END AS denominator_breakdown,
    CASE WHEN denominator_breakdown = 'same' THEN figure.breakdown_value ELSE 'all' END AS denominator_breakdown_value,
    indicator.population_sex,
    indicator.population_ages
FROM published.rolling_12m AS figure
JOIN published.dim_indicator AS indicator USING (indicator_id)
WHERE indicator_id = $indicator_id
    AND area_code = $area_code
    AND period_end = $period_end::DATE
    AND breakdown = $breakdown
    AND breakdown_value = $breakdown_value;
