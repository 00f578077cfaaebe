-- The figures that two readings have otherwise, with why and the submissions behind it. Of a publication the figures are
-- those that it printed; where today's rules give others from the same data, the definition is new.
CREATE OR REPLACE TEMP TABLE changed_figure AS
WITH old AS (
    SELECT
        figure.* REPLACE (CASE WHEN printed_at IS NULL THEN figure.value ELSE printed.value END AS value),
        printed_at IS NOT NULL AND printed.value IS DISTINCT FROM figure.value AS is_redefined
    FROM (FROM read_figure WHERE NOT is_new) AS figure
    LEFT JOIN (FROM printed_as_of($old_at::TIMESTAMP) WHERE $old_is_printed) AS printed
        USING (indicator_id, area_code, breakdown, breakdown_value, period_end)
),
new AS (
    SELECT
        figure.* REPLACE (CASE WHEN printed_at IS NULL THEN figure.value ELSE printed.value END AS value),
        printed_at IS NOT NULL AND printed.value IS DISTINCT FROM figure.value AS is_redefined
    FROM (FROM read_figure WHERE is_new) AS figure
    LEFT JOIN (FROM printed_as_of($new_at::TIMESTAMP) WHERE $new_is_printed) AS printed
        USING (indicator_id, area_code, breakdown, breakdown_value, period_end)
),
changed AS (
    SELECT
        indicator_id, area_code, breakdown, breakdown_value, period_end,
        coalesce(new.indicator_name, old.indicator_name) AS indicator_name,
        coalesce(new.area_name, old.area_name) AS area_name,
        coalesce(new.unit, old.unit) AS unit,
        old.value AS old,
        new.value AS new,
        CASE WHEN old.is_redefined THEN NULL ELSE old.display END AS old_display,
        CASE WHEN new.is_redefined THEN NULL ELSE new.display END AS new_display,
        coalesce(old.is_redefined, false) <> coalesce(new.is_redefined, false) AS is_redefined,
        coalesce(old.source_submission, []) AS old_submissions,
        coalesce(new.source_submission, []) AS new_submissions
    FROM old
    FULL JOIN new USING (indicator_id, area_code, breakdown, breakdown_value, period_end)
    WHERE old.value IS DISTINCT FROM new.value
),
series AS (
    SELECT indicator_id, presents, unnest([
        {'subject_id': numerator_subject, 'measure_id': numerator_measure},
        {'subject_id': denominator_subject, 'measure_id': denominator_measure},
        {'subject_id': CASE WHEN population_series IS NOT NULL THEN 'POPULATION' END, 'measure_id': 'residents'}
    ], recursive := true)
    FROM dim_indicator
),
because AS (
    SELECT
        changed.indicator_id, changed.area_code, breakdown, breakdown_value, period_end,
        list_sort(list(DISTINCT reason)) AS reasons,
        list(DISTINCT accepted_by) FILTER (accepted_by IS NOT NULL) AS accepted_by,
        list_sort(list(DISTINCT new_submission)) AS submissions
    FROM changed
    JOIN series USING (indicator_id)
    JOIN changed_series AS cause
        ON cause.subject_id = series.subject_id
        AND cause.measure_id = series.measure_id
        AND (cause.area_code = changed.area_code OR presents = 'rank')
        AND (
            loads IN ('fact_referrals', 'population')
            OR cause.month <= changed.period_end
            AND cause.month + to_months(months) > date_trunc('month', changed.period_end)
                - to_months(CASE presents WHEN 'change' THEN 23 ELSE 11 END)
        )
    GROUP BY ALL
)
SELECT
    changed.* EXCLUDE (is_redefined),
    list_concat(
        CASE WHEN is_redefined THEN ['new definition'] ELSE [] END,
        coalesce(reasons, CASE WHEN is_redefined THEN [] ELSE ['returns that came'] END)
    ) AS reasons,
    coalesce(accepted_by, []) AS accepted_by,
    coalesce(submissions, []) AS because_of
FROM changed
LEFT JOIN because USING (indicator_id, area_code, breakdown, breakdown_value, period_end);
