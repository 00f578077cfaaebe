-- Every indicator beside its value of the year before, its series breaks and the other boroughs.
CREATE OR REPLACE MACRO comparison_as_of(instant) AS TABLE
WITH compared AS (
    SELECT
        ratio.*,
        lag(numerator, 12) OVER earlier AS prior_numerator,
        lag(denominator, 12) OVER earlier AS prior_denominator,
        lag(level, 12) OVER earlier AS prior_level,
        area.area_name,
        -- A rank compares like with like: all boroughs of the force, one population series, one mid-year.
        is_ratio
            AND area.police_force = 'Metropolitan Police'
            AND count(level) OVER peers = (SELECT count(*) FROM dim_area WHERE police_force = 'Metropolitan Police')
            AND min(series) OVER peers IS NOT DISTINCT FROM max(series) OVER peers
            AND min(mid_year) OVER peers IS NOT DISTINCT FROM max(mid_year) OVER peers AS is_ranked,
        rank() OVER (PARTITION BY indicator_id, month, area.police_force ORDER BY level) AS place,
        count(level) OVER peers AS places_taken
    FROM ratio_as_of(instant) AS ratio
    JOIN dim_area AS area USING (area_code)
    WINDOW
        earlier AS (PARTITION BY indicator_id, area_code ORDER BY month),
        peers AS (PARTITION BY indicator_id, month, area.police_force)
),
-- A window of 12 months is mixed when a break falls after its first month; two windows when within 23 months.
breaks AS (
    SELECT
        indicator_id,
        dim_period.month,
        bool_or(series_break.month > dim_period.month - INTERVAL 11 MONTHS) AS is_mixed
    FROM dim_indicator
    JOIN series_break ON subject_id IN (numerator_subject, denominator_subject)
    JOIN dim_period
        ON series_break.month > dim_period.month - INTERVAL 23 MONTHS AND series_break.month <= dim_period.month
    GROUP BY indicator_id, dim_period.month
),
parts AS (
    SELECT
        compared.*,
        coalesce(breaks.is_mixed, false) AS is_mixed,
        breaks.month IS NOT NULL AS is_break_between,
        -- Exact parts of the change, so that it too is rounded once: a/b - c/d over 1 (points) or over c/d.
        numerator::HUGEINT * prior_denominator - prior_numerator::HUGEINT * denominator AS difference,
        unit = '%' AND presents = 'level' AS is_in_points,
        CASE
            WHEN is_in_points THEN prior_denominator::HUGEINT * denominator
            ELSE prior_numerator::HUGEINT * denominator
        END AS difference_of
    FROM compared
    LEFT JOIN breaks USING (indicator_id, month)
)
SELECT
    *,
    CASE
        WHEN numerator IS NULL THEN 'The value is not known.'
        WHEN prior_numerator IS NULL THEN 'The 12 months before are not known.'
        WHEN is_break_between THEN 'A series break falls between the two windows or in one of them.'
        WHEN difference_of = 0 THEN 'The value of the year before is zero.'
        WHEN NOT is_in_points AND prior_numerator < 20 THEN 'The value of the year before is below 20.'
    END AS change_reason
FROM parts;
