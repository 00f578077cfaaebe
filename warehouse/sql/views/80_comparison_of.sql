-- Every indicator beside its value of the year before, its series breaks and the other boroughs.
CREATE OR REPLACE MACRO comparison_of(counts, instant) AS TABLE
WITH ratios AS MATERIALIZED (
    SELECT ratio.*, area_name, police_force
    FROM ratio_of(counts, instant) AS ratio
    JOIN dim_area USING (area_code)
),
-- A rank compares like with like: all boroughs of the force, one population series, one mid-year.
peers AS (
    SELECT
        indicator_id,
        month,
        police_force,
        breakdown,
        count(level) AS places_taken,
        places_taken = (SELECT count(*) FROM dim_area WHERE police_force = 'Metropolitan Police')
            AND min(series) IS NOT DISTINCT FROM max(series)
            AND min(mid_year) IS NOT DISTINCT FROM max(mid_year) AS are_alike
    FROM ratios
    WHERE is_ratio AND breakdown = 'all' AND police_force = 'Metropolitan Police'
    GROUP BY indicator_id, month, police_force, breakdown
),
placed AS (
    SELECT
        indicator_id, area_code, month, breakdown,
        rank() OVER (PARTITION BY indicator_id, month, police_force ORDER BY level) AS place
    FROM ratios
    WHERE is_ratio AND breakdown = 'all'
),
compared AS (
    SELECT
        ratios.*,
        prior.numerator AS prior_numerator,
        prior.denominator AS prior_denominator,
        prior.level AS prior_level,
        coalesce(are_alike, false) AS is_ranked,
        place,
        places_taken
    FROM ratios
    LEFT JOIN ratios AS prior
        ON prior.indicator_id = ratios.indicator_id
        AND prior.area_code = ratios.area_code
        AND prior.breakdown = ratios.breakdown
        AND prior.breakdown_value = ratios.breakdown_value
        AND prior.month = ratios.month - INTERVAL 12 MONTHS
    LEFT JOIN peers
        ON peers.indicator_id = ratios.indicator_id
        AND peers.month = ratios.month
        AND peers.police_force = ratios.police_force
        AND peers.breakdown = ratios.breakdown
    LEFT JOIN placed
        ON placed.indicator_id = ratios.indicator_id
        AND placed.area_code = ratios.area_code
        AND placed.month = ratios.month
        AND placed.breakdown = ratios.breakdown
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
