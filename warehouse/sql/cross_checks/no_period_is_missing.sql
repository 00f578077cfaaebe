-- Between the first and the last period that was received none is missing (R-P01).
WITH received AS (
    SELECT area_code, source, min(month) AS first_month, max(month + to_months(months - 1))::DATE AS last_month
    FROM published.monthly_measure
    GROUP BY area_code, source
),
missing AS (
    SELECT area_code, source, title, dim_period.month
    FROM received
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
),
-- Months in a row are said once: less their number they are all the same month.
gap AS (
    SELECT area_code, source, title, month,
        month - to_months(row_number() OVER (PARTITION BY area_code, source ORDER BY month)::INTEGER) AS beginning
    FROM missing
)
SELECT
    area_code,
    last_day(max(month)) AS period_end,
    format(
        '{} has sent nothing for {}, though something for later.',
        title,
        CASE
            WHEN count(*) = 1 THEN strftime(min(month), '%B %Y')
            ELSE strftime(min(month), '%B %Y') || ' to ' || strftime(max(month), '%B %Y')
        END
    ) AS said
FROM gap
GROUP BY area_code, source, title, beginning;
