-- The residents that each rate of a month is taken over: the latest mid-year on or before the month's end.
CREATE OR REPLACE MACRO residents_as_of(instant) AS TABLE
SELECT
    wanted.population_series AS wanted_series, wanted.population_sex, wanted.population_ages, population.area_code, dim_period.month,
    series, mid_year, residents
FROM (
    SELECT DISTINCT population_series, population_sex, population_ages
    FROM dim_indicator
    WHERE population_series IS NOT NULL
) AS wanted
JOIN population
    ON starts_with(population.series, wanted.population_series)
    AND sex = population_sex
    AND ages = population_ages
JOIN slice_as_of(instant) AS slice USING (content_id)
JOIN dim_period ON make_date(mid_year, 6, 30) <= month_end AND dim_period.month >= DATE '2000-01-01'
QUALIFY row_number() OVER (
    PARTITION BY wanted.population_series, population_sex, population_ages, population.area_code, dim_period.month
    ORDER BY mid_year DESC, series DESC
) = 1;
