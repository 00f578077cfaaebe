-- Every indicator as it is published: value, display, change, rank, flags and where it comes from. `counts` names a table
-- of what `monthly_measure_as_of` gives of the same instant.
CREATE OR REPLACE MACRO rolling_12m_of(counts, instant) AS TABLE
WITH changed AS (
    SELECT
        *,
        CASE WHEN change_reason IS NULL THEN 100 * difference::DOUBLE / difference_of::DOUBLE END AS exact_change,
        CASE WHEN change_reason IS NULL THEN half_up(difference, difference_of, 100, 1) END AS change_size,
        CASE
            WHEN is_known THEN NULL
            WHEN window_reason IS NOT NULL THEN window_reason
            WHEN population_series IS NOT NULL AND series IS NULL
                THEN 'No residents of the series ' || population_series || ' are held for a mid-year up to this window.'
            WHEN given_denominator IS NULL THEN 'The denominator is not known.'
            WHEN given_denominator > 0 THEN 'It rests on fewer than ' || least_base || ': too few to be shown.'
            ELSE 'The denominator is zero.'
        END AS level_reason,
        CASE presents
            WHEN 'level' THEN level_reason
            WHEN 'change' THEN change_reason
            ELSE coalesce(
                level_reason, CASE WHEN NOT is_ranked THEN 'Not all boroughs are covered by one population series.' END
            )
        END AS reason
    FROM comparison_of(counts, instant)
),
valued AS (
    SELECT
        *,
        CASE WHEN change_size = '0.0' THEN '' WHEN difference > 0 THEN '+' ELSE '-' END || change_size AS change_text,
        CASE
            WHEN reason IS NOT NULL THEN NULL
            WHEN presents = 'level' THEN level
            WHEN presents = 'change' THEN exact_change
            ELSE place
        END AS value
    FROM changed
),
told AS (
    SELECT indicator_id, name, places, polarity, objective, definition, definition_source FROM dim_indicator
),
-- What was printed before for the same window, in any earlier publication.
printed AS (
    SELECT
        indicator_id, area_code, breakdown, breakdown_value, period_end,
        min(figure.value) AS lowest,
        max(figure.value) AS highest,
        arg_min(figure.value, run.as_of) AS first_figure
    FROM published_figure AS figure
    JOIN run USING (run_id)
    WHERE run.as_of < instant
    GROUP BY ALL
),
-- Many figures rest on the same submissions: each set of them is looked at once.
invented AS (
    SELECT submissions
    FROM (SELECT DISTINCT submissions FROM changed)
    WHERE list_has_any(submissions, (SELECT list(submission_id) FROM submission WHERE is_synthetic))
)
SELECT
    valued.indicator_id,
    name AS indicator_name,
    valued.area_code,
    area_name,
    valued.breakdown,
    valued.breakdown_value,
    last_day(month) AS period_end,
    numerator,
    CASE WHEN presents = 'change' THEN prior_numerator WHEN is_ratio THEN denominator END AS denominator,
    valued.value,
    CASE
        WHEN reason IS NOT NULL THEN CASE WHEN presents = 'change' AND is_break_between THEN '[b]' ELSE '[x]' END
        WHEN presents = 'level' THEN half_up(numerator, denominator, scale, places)
        WHEN presents = 'change' THEN change_text
        ELSE place::VARCHAR
    END AS display,
    unit,
    months_covered,
    reason,
    CASE WHEN presents = 'level' THEN prior_level END AS prior_value,
    CASE
        WHEN presents <> 'level' THEN '[z]'
        WHEN prior_numerator IS NULL THEN '[x]'
        ELSE half_up(prior_numerator, prior_denominator, scale, places)
    END AS prior_display,
    CASE WHEN presents = 'level' THEN coalesce(prior_printed.first_figure, prior_level) END AS prior_published,
    CASE WHEN presents = 'level' THEN exact_change END AS change,
    CASE
        WHEN presents <> 'level' THEN '[z]'
        WHEN change_text IS NOT NULL THEN change_text
        WHEN numerator IS NOT NULL AND prior_numerator IS NOT NULL AND is_break_between THEN '[b]'
        ELSE '[x]'
    END AS change_display,
    CASE WHEN is_in_points THEN 'pp' ELSE '%' END AS change_unit,
    CASE WHEN presents = 'level' THEN change_reason ELSE 'The indicator is itself a comparison.' END AS change_reason,
    CASE WHEN is_ranked THEN place END AS rank,
    CASE WHEN is_ranked THEN places_taken END AS rank_of,
    list_concat(
        CASE WHEN reason IS NULL AND month > latest_month - INTERVAL 3 MONTHS THEN ['p'] ELSE [] END,
        CASE WHEN valued.value <> printed.lowest OR valued.value <> printed.highest THEN ['r'] ELSE [] END,
        CASE WHEN held_month IS NOT NULL THEN ['h'] ELSE [] END,
        CASE WHEN is_mixed OR (presents = 'change' AND is_break_between) THEN ['b'] ELSE [] END,
        CASE WHEN reason IS NOT NULL THEN ['x'] ELSE [] END
    ) AS flags,
    list_concat(
        CASE WHEN presents = 'level' AND is_break_between THEN ['b'] ELSE [] END,
        CASE WHEN presents = 'level' AND change_reason IS NOT NULL THEN ['x'] ELSE [] END
    ) AS change_flags,
    polarity,
    objective,
    series AS population_series,
    mid_year AS population_mid_year,
    definition || CASE WHEN series IS NULL THEN '' ELSE ' Residents: ' || series || ', mid-' || mid_year || '.' END
        || ' (' || definition_source || ')' AS definition,
    submissions IN (FROM invented) AS is_synthetic,
    submissions AS source_submission
FROM valued
JOIN told USING (indicator_id)
LEFT JOIN held_figure_as_of(instant) AS held_figure
    ON held_figure.indicator_id = valued.indicator_id
    AND held_figure.area_code = valued.area_code
    AND held_month = valued.month
LEFT JOIN printed
    ON printed.indicator_id = valued.indicator_id
    AND printed.area_code = valued.area_code
    AND printed.breakdown = valued.breakdown
    AND printed.breakdown_value = valued.breakdown_value
    AND printed.period_end = last_day(valued.month)
LEFT JOIN printed AS prior_printed
    ON prior_printed.indicator_id = valued.indicator_id
    AND prior_printed.area_code = valued.area_code
    AND prior_printed.breakdown = valued.breakdown
    AND prior_printed.breakdown_value = valued.breakdown_value
    AND prior_printed.period_end = last_day((valued.month - INTERVAL 12 MONTHS)::DATE);

CREATE OR REPLACE MACRO rolling_12m_as_of(instant) AS TABLE
WITH monthly_measure AS MATERIALIZED (
    FROM monthly_measure_as_of(instant)
)
FROM rolling_12m_of('monthly_measure', instant);
