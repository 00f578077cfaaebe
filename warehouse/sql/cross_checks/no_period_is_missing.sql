-- Between the first and the last period that was received none is missing (R-P01).
SELECT
    area_code,
    last_day(dim_period.month) AS period_end,
    format('{} has sent nothing for {}, though something for later.', any_value(title), strftime(dim_period.month, '%B %Y'))
        AS said
FROM (
    SELECT area_code, source, min(month) AS first_month, max(month + to_months(months - 1))::DATE AS last_month
    FROM published.monthly_measure
    GROUP BY area_code, source
) AS received
JOIN source USING (source)
JOIN dim_period ON dim_period.month > first_month AND dim_period.month < last_month
WHERE loads <> 'fact_offences' AND NOT EXISTS (
    SELECT 1
    FROM slice_as_of(TIMESTAMP '9999-12-31') AS slice
    WHERE slice.source = received.source
        AND slice.area_code = received.area_code
        AND dim_period.month >= slice.month
        AND dim_period.month < slice.month + to_months(slice.months)
)
GROUP BY area_code, source, dim_period.month;
