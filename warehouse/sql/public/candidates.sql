-- Every figure that may leave under a policy, before anything is suppressed, with the counts that it rests on.
-- bottom is what the numerator is divided by: another count, or (divisor) a number that everybody knows.
WITH divided AS (
    SELECT
        rolling.*,
        indicator.* EXCLUDE (indicator_id, name, unit, polarity, objective, definition, definition_source, population_series),
        indicator.population_series AS residents_of,
        top_measure.additivity AS top_additivity,
        coalesce(bottom_measure.additivity, top_measure.additivity) AS bottom_additivity,
        disclosure <> 'open' AS is_protected,
        CASE WHEN rolling.population_series IS NOT NULL THEN rolling.denominator
            WHEN denominator_days THEN date_diff('day', period_end + INTERVAL 1 DAY - INTERVAL 1 YEAR, period_end + INTERVAL 1 DAY)
            WHEN denominator_subject IS NULL AND presents = 'level' AND denominator_breakdown <> 'known' THEN denominator_constant
        END AS divisor,
        -- Each value of some breakdowns has its own number of known answers.
        min(rolling.denominator) OVER same_table = max(rolling.denominator) OVER same_table AS is_one_base,
        avg(numerator / 12) OVER (PARTITION BY indicator_id, area_code, breakdown, breakdown_value) AS a_month
    FROM rolling_12m AS rolling
    JOIN dim_indicator AS indicator USING (indicator_id)
    JOIN dim_measure AS top_measure ON top_measure.measure_id = numerator_measure
    LEFT JOIN dim_measure AS bottom_measure ON bottom_measure.measure_id = denominator_measure
    WHERE disclosure <> 'never'
        AND NOT list_contains($never_divided_by::VARCHAR[], breakdown)
    WINDOW same_table AS (PARTITION BY indicator_id, area_code, breakdown, period_end)
)
SELECT
    indicator_id,
    indicator_name,
    area_code,
    area_name,
    breakdown,
    breakdown_value,
    (period_end + INTERVAL 1 DAY - INTERVAL 1 YEAR)::DATE AS period_start,
    period_end,
    numerator AS top,
    CASE WHEN divisor IS NULL THEN denominator END AS bottom,
    divisor,
    CASE WHEN population_mid_year IS NOT NULL THEN denominator END AS residents,
    denominator_subject IS NOT NULL OR residents_of IS NOT NULL OR denominator_breakdown = 'known' OR presents = 'change' AS is_divided,
    display,
    unit,
    objective,
    presents,
    scale,
    places,
    is_protected,
    disclosure = 'characteristics' AS is_characteristic,
    top_additivity,
    bottom_additivity,
    numerator_subject AS top_subject,
    numerator_measure AS top_measure,
    CASE
        WHEN numerator IS NULL OR divisor IS NOT NULL THEN NULL
        WHEN presents = 'change' THEN numerator_subject
        ELSE denominator_subject
    END AS bottom_subject,
    CASE
        WHEN presents = 'change' THEN numerator_measure
        WHEN denominator_breakdown = 'known' AND breakdown_value <> 'NOT_KNOWN'
            THEN denominator_measure || ':known_' || breakdown || CASE WHEN is_one_base THEN '' ELSE ':' || breakdown_value END
        ELSE denominator_measure
    END AS bottom_measure,
    CASE WHEN denominator_breakdown = 'same' OR presents = 'change' THEN breakdown ELSE 'all' END AS bottom_breakdown,
    CASE WHEN denominator_breakdown = 'same' OR presents = 'change' THEN breakdown_value ELSE 'all' END AS bottom_value,
    CASE WHEN presents = 'change' THEN last_day(period_end - INTERVAL 1 YEAR) ELSE period_end END AS bottom_end,
    -- What is held back until somebody accepts it (h) is provisional to those outside.
    array_to_string(
        list_filter(
            ['p', 'r', 'b'],
            lambda sign: list_contains(flags, sign) OR (sign = 'p' AND list_contains(flags, 'h'))
        ),
        ' '
    ) AS flags,
    definition,
    is_synthetic,
    run_id,
    -- Small series are shown at the ends of quarters alone: each window between would tell of single months. What comes
    -- before the first complete window is not shown at all.
    (
        NOT is_protected
        OR month(period_end) % 3 = 0
        OR (disclosure = 'counts' AND coalesce(a_month >= $small_month, false))
    )
    AND coalesce(
        period_end >= min(CASE WHEN value IS NOT NULL THEN period_end END)
            OVER (PARTITION BY indicator_id, area_code, breakdown, breakdown_value),
        false
    ) AS is_offered
FROM divided
ORDER BY indicator_id, area_code, breakdown, breakdown_value, period_end;
