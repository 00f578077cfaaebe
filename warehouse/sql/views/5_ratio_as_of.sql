-- The exact numerator and denominator of every indicator, for every area and month of the spine.
-- What is said of an indicator is joined last, in rolling_12m_as_of: long texts would be carried through every window.
CREATE OR REPLACE MACRO ratio_as_of(instant) AS TABLE
WITH windows AS MATERIALIZED (
    FROM window_as_of(instant)
),
counted AS (
    SELECT
        indicator_id,
        presents,
        scale,
        unit,
        indicator.population_series,
        top.area_code,
        top.month,
        indicator.denominator_subject IS NOT NULL OR indicator.population_series IS NOT NULL AS is_ratio,
        top.value AS numerator,
        CASE
            WHEN indicator.denominator_subject IS NOT NULL THEN bottom.value
            WHEN indicator.population_series IS NOT NULL THEN residents.residents
            ELSE 1
        END AS denominator,
        least(top.months_covered, coalesce(bottom.months_covered, 12)) AS months_covered,
        CASE
            WHEN bottom.submissions IS NULL THEN top.submissions
            ELSE list_sort(list_distinct(list_concat(top.submissions, bottom.submissions)))
        END AS submissions,
        top.latest_month,
        residents.series,
        residents.mid_year
    FROM dim_indicator AS indicator
    JOIN windows AS top
        ON top.subject_id = indicator.numerator_subject AND top.measure_id = indicator.numerator_measure
    LEFT JOIN windows AS bottom
        ON bottom.subject_id = indicator.denominator_subject
        AND bottom.measure_id = indicator.denominator_measure
        AND bottom.area_code = top.area_code
        AND bottom.month = top.month
    LEFT JOIN residents_as_of(instant) AS residents
        ON residents.wanted_series = indicator.population_series
        AND residents.area_code = top.area_code
        AND residents.month = top.month
),
known AS (
    SELECT *, coalesce(numerator IS NOT NULL AND denominator > 0, false) AS is_known FROM counted
)
SELECT
    * REPLACE (
        CASE WHEN is_known THEN numerator END AS numerator,
        CASE WHEN is_known THEN denominator END AS denominator
    ),
    CASE WHEN is_known THEN numerator * scale / denominator END AS level
FROM known;
