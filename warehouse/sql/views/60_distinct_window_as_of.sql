-- Persons counted again over the 12 months to each month: once, however often they were referred.
CREATE OR REPLACE MACRO distinct_window_as_of(instant) AS TABLE
WITH divided AS MATERIALIZED (
    SELECT
        area_code, service_id AS subject_id, measure_id, (month + to_months(place::INTEGER))::DATE AS month,
        person, breakdown, breakdown_value, base_of, holds, is_known
    FROM (
        SELECT divided.*, unnest(range(12)) AS place
        FROM referral_divided_as_of(instant) AS divided
        JOIN dim_measure USING (measure_id)
        WHERE additivity = 'distinct'
    )
),
based AS (
    SELECT area_code, subject_id, measure_id, month, breakdown, base_of, count(DISTINCT person) FILTER (is_known) AS base
    FROM divided
    GROUP BY ALL
)
SELECT
    area_code, subject_id, measure_id, month, breakdown, breakdown_value,
    count(DISTINCT person) FILTER (holds) AS value,
    any_value(base) AS base
FROM divided
JOIN based USING (area_code, subject_id, measure_id, month, breakdown, base_of)
GROUP BY ALL;
