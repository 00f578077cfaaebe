-- The windows of indicators that something lies in that is held back: what they would be is not published yet.
CREATE OR REPLACE MACRO held_figure_as_of(instant) AS TABLE
SELECT DISTINCT indicator_id, dim_area.area_code, dim_period.month AS held_month
FROM restatement_as_of(instant) AS restated
JOIN dim_indicator
    ON (subject_id, measure_id) IN (
        (numerator_subject, numerator_measure), (denominator_subject, denominator_measure)
    )
    OR subject_id = 'POPULATION' AND starts_with(measure_id, population_series)
-- A rank changes with every borough.
JOIN dim_area ON dim_area.area_code = restated.area_code OR presents = 'rank'
JOIN dim_period
    ON dim_period.month >= restated.month
    AND dim_period.month < restated.month
        + to_months(restated.months + CASE presents WHEN 'change' THEN 23 ELSE 11 END);
