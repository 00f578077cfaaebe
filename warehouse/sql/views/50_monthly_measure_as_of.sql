-- Every covered period of every series, from one source alone: the one that takes precedence. `counts` names a table of
-- what `measured_as_of` gives, so that who needs that for several things can compute it once.
CREATE OR REPLACE MACRO monthly_measure_of(counts) AS TABLE
-- Few series have several sources: only their periods are compared.
WITH period AS (
    SELECT DISTINCT area_code, subject_id, measure_id, month, months, source, precedence
    FROM query_table(counts)
    SEMI JOIN (
        SELECT subject_id, measure_id FROM query_table(counts) GROUP BY ALL HAVING count(DISTINCT source) > 1
    ) AS shared USING (subject_id, measure_id)
    JOIN source USING (source)
),
-- A period that touches a month of a better source is not read: part of it would be counted twice.
second_best AS (
    SELECT DISTINCT other.area_code, other.subject_id, other.measure_id, other.month, other.source
    FROM period AS other
    JOIN period AS better
        ON better.area_code = other.area_code
        AND better.subject_id = other.subject_id
        AND better.measure_id = other.measure_id
        AND (better.precedence, better.source) < (other.precedence, other.source)
        AND better.month < other.month + to_months(other.months)
        AND other.month < better.month + to_months(better.months)
)
SELECT counted.*
FROM query_table(counts) AS counted
ANTI JOIN second_best USING (area_code, subject_id, measure_id, month, source);

CREATE OR REPLACE MACRO monthly_measure_as_of(instant) AS TABLE
WITH measured AS MATERIALIZED (
    FROM measured_as_of(instant)
)
FROM monthly_measure_of('measured');
