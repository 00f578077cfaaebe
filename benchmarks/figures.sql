-- From the rows of domestic_abuse (area_code, month, subject_id, measure_id, value) to the rolling figures.

-- Every series of each month that its domestic abuse offences show to be there; without a row it is zero.
CREATE TABLE monthly_measure AS
SELECT area_code, month, subject_id, measure_id, coalesce(value, 0) AS value
FROM (
    SELECT DISTINCT area_code, month FROM domestic_abuse WHERE subject_id = 'DA_OFFENCE' AND measure_id = 'offences'
)
CROSS JOIN (SELECT DISTINCT subject_id, measure_id FROM domestic_abuse)
LEFT JOIN domestic_abuse USING (area_code, month, subject_id, measure_id)
ORDER BY ALL;

CREATE TABLE rolling_12m AS
WITH spine AS (
    SELECT area_code, month, subject_id, measure_id
    FROM (SELECT DISTINCT area_code FROM monthly_measure)
    CROSS JOIN (
        SELECT unnest(generate_series(min(month), max(month), INTERVAL 1 MONTH))::DATE AS month FROM monthly_measure
    )
    CROSS JOIN (SELECT DISTINCT subject_id, measure_id FROM monthly_measure)
),
windows AS (
    SELECT
        area_code,
        month,
        subject_id,
        measure_id,
        CASE WHEN count(value) OVER twelve = 12 THEN sum(value) OVER twelve END AS total
    FROM spine
    LEFT JOIN monthly_measure USING (area_code, month, subject_id, measure_id)
    WINDOW twelve AS (
        PARTITION BY area_code, subject_id, measure_id ORDER BY month ROWS BETWEEN 11 PRECEDING AND CURRENT ROW
    )
),
indicator (indicator_id, subject_id, measure_id, is_rate) AS (
    VALUES
        ('DA_OFF_R12', 'DA_OFFENCE', 'offences', false),
        ('DA_PO_R12', 'DA_OFFENCE', 'positive_outcomes', false),
        ('DA_VWI_R12', 'DA_VWI', 'offences', false),
        ('DA_VWI_PO_R12', 'DA_VWI', 'positive_outcomes', false),
        ('DA_VWI_POR_R12', 'DA_VWI', 'positive_outcomes', true)
),
valued AS (
    SELECT
        indicator_id,
        top.area_code,
        top.month,
        CASE WHEN is_rate THEN 100 * top.total / nullif(bottom.total, 0) ELSE top.total::DOUBLE END AS value
    FROM indicator
    JOIN windows AS top USING (subject_id, measure_id)
    LEFT JOIN windows AS bottom
        ON is_rate
        AND bottom.area_code = top.area_code
        AND bottom.month = top.month
        AND bottom.subject_id = top.subject_id
        AND bottom.measure_id = 'offences'
)
SELECT
    indicator_id,
    area_code,
    last_day(month) AS period_end,
    value,
    lag(value, 12) OVER earlier AS prior_value,
    100 * (value - prior_value) / nullif(prior_value, 0) AS change
FROM valued
WINDOW earlier AS (PARTITION BY indicator_id, area_code ORDER BY month)
ORDER BY ALL;
