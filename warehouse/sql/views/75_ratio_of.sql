-- The exact numerator and denominator of every indicator, for every area and month of the spine.
-- What is said of an indicator is joined last, in rolling_12m_as_of: long texts would be carried through every window.
CREATE OR REPLACE MACRO ratio_of(counts, instant) AS TABLE
WITH windows AS MATERIALIZED (
    FROM window_of(counts, instant)
),
counted AS (
    SELECT
        indicator_id,
        presents,
        scale,
        unit,
        least_base,
        indicator.population_series,
        top.area_code,
        top.month,
        top.breakdown,
        top.breakdown_value,
        indicator.denominator_subject IS NOT NULL
            OR indicator.population_series IS NOT NULL
            OR denominator_breakdown = 'known' AS is_ratio,
        top.value AS numerator,
        CASE
            -- What is not known is a share of all.
            WHEN denominator_breakdown = 'known' AND top.breakdown_value = 'NOT_KNOWN' THEN bottom.value
            WHEN denominator_breakdown = 'known' THEN top.base
            WHEN indicator.denominator_subject IS NOT NULL THEN bottom.value
            WHEN indicator.population_series IS NOT NULL THEN residents.residents
            WHEN denominator_days THEN date_diff('day', top.month - INTERVAL 11 MONTHS, top.month + INTERVAL 1 MONTH)
            ELSE denominator_constant
        END AS denominator,
        least(top.months_covered, coalesce(bottom.months_covered, 12)) AS months_covered,
        coalesce(top.reason, bottom.reason) AS window_reason,
        CASE
            WHEN bottom.submissions IS NULL THEN top.submissions
            ELSE list_sort(list_distinct(list_concat(top.submissions, bottom.submissions)))
        END AS submissions,
        top.latest_month,
        residents.series,
        residents.mid_year
    FROM dim_indicator AS indicator
    JOIN windows AS top
        ON top.subject_id = indicator.numerator_subject
        AND top.measure_id = indicator.numerator_measure
        AND list_contains(indicator.breakdowns, top.breakdown)
        AND coalesce(list_contains(indicator.only_values, top.breakdown_value), true)
    LEFT JOIN windows AS bottom
        ON bottom.subject_id = indicator.denominator_subject
        AND bottom.measure_id = indicator.denominator_measure
        AND bottom.area_code = top.area_code
        AND bottom.month = top.month
        AND bottom.breakdown = CASE denominator_breakdown WHEN 'same' THEN top.breakdown ELSE 'all' END
        AND bottom.breakdown_value = CASE denominator_breakdown WHEN 'same' THEN top.breakdown_value ELSE 'all' END
    LEFT JOIN residents_as_of(instant) AS residents
        ON residents.wanted_series = indicator.population_series
        AND residents.population_sex = indicator.population_sex
        AND residents.population_ages = indicator.population_ages
        AND residents.area_code = top.area_code
        AND residents.month = top.month
),
known AS (
    SELECT *, coalesce(numerator IS NOT NULL AND denominator > 0 AND denominator >= least_base, false) AS is_known,
        denominator AS given_denominator
    FROM counted
)
SELECT
    * REPLACE (
        CASE WHEN is_known THEN numerator END AS numerator,
        CASE WHEN is_known THEN denominator END AS denominator
    ),
    CASE WHEN is_known THEN numerator * scale / denominator END AS level
FROM known;
