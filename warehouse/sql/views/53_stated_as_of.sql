-- Every undivided count that figures rest on, residents included, by the last month of its period: what can be restated.
CREATE OR REPLACE MACRO residents_series(series, sex, ages) AS concat_ws(', ', series, nullif(sex, 'all'), nullif(ages, 'all'));
CREATE OR REPLACE MACRO stated_as_of(instant) AS TABLE
WITH counted AS MATERIALIZED (
    FROM counted_as_of(instant)
)
SELECT
    area_code, subject_id, measure_id, month, months, (month + to_months(months - 1))::DATE AS last_month, value,
    source, content_id, submissions
FROM monthly_measure_of('counted')
WHERE breakdown = 'all'
UNION ALL BY NAME
SELECT
    population.area_code, 'POPULATION' AS subject_id, residents_series(series, sex, ages) AS measure_id,
    make_date(mid_year, 6, 1) AS month, 1 AS months, make_date(mid_year, 6, 1) AS last_month,
    residents AS value, source, content_id, [submission_id] AS submissions
FROM population
JOIN slice_as_of(instant) AS slice USING (content_id);
