-- Each series over the 12 months to each month of the spine: known only where all 12 are covered, from the first day
-- of a period to the last day of one. A flow adds, a snapshot takes the last value, distinct persons are counted again.
CREATE OR REPLACE MACRO window_of(counts, instant) AS TABLE
-- A value of several months stands in the last of them.
WITH monthly AS (
    SELECT
        measured.* EXCLUDE (month, value, base, source, content_id),
        (month + to_months(place::INTEGER))::DATE AS month,
        place = 0 AS begins,
        place = months - 1 AS ends,
        CASE WHEN place = months - 1 THEN value END AS value,
        CASE WHEN place = months - 1 THEN base END AS base
    FROM (SELECT *, unnest(range(months)) AS place FROM query_table(counts)) AS measured
),
wanted AS (
    SELECT numerator_subject AS subject_id, numerator_measure AS measure_id, unnest(breakdowns) AS breakdown
    FROM dim_indicator
    WHERE numerator_subject <> 'NOT_APPLICABLE'
    UNION
    SELECT denominator_subject, denominator_measure, 'all'
    FROM dim_indicator
    WHERE denominator_subject IS NOT NULL
    UNION
    SELECT denominator_subject, denominator_measure, unnest(breakdowns)
    FROM dim_indicator
    WHERE denominator_breakdown = 'same'
),
series AS (
    -- Police series are looked for in every area that has one of them, services where they are known.
    SELECT DISTINCT area_code, wanted.subject_id, wanted.measure_id, breakdown, 'all' AS breakdown_value
    FROM wanted
    JOIN dim_offence ON dim_offence.offence_id = wanted.subject_id
    CROSS JOIN (SELECT DISTINCT area_code FROM query_table(counts) JOIN dim_offence ON offence_id = subject_id) AS policed
    UNION
    SELECT DISTINCT area_code, subject_id, measure_id, breakdown, breakdown_value
    FROM query_table(counts)
    SEMI JOIN wanted USING (subject_id, measure_id, breakdown)
),
spine AS (
    SELECT series.*, month, additivity
    FROM series
    JOIN dim_measure USING (measure_id)
    CROSS JOIN dim_period
    WHERE month BETWEEN (SELECT min(month) FROM monthly) AND (SELECT max(month) FROM monthly)
),
windows AS (
    SELECT
        spine.*,
        months,
        value,
        base,
        count(ends) OVER twelve AS months_covered,
        coalesce(ends, false) AS ends_now,
        ends_now AND coalesce(first(begins) OVER twelve, false) AS is_aligned,
        bool_or(ends AND value IS NULL) OVER twelve AS is_withheld,
        coalesce(bool_or(is_kept_aggregate) OVER twelve, false) AS is_removed,
        count(is_kept_aggregate) OVER twelve = 12 OR months = 12 AS can_be_counted_again,
        sum(value) OVER twelve AS total,
        sum(base) OVER twelve AS total_base,
        list_sort(list_distinct(flatten(list(submissions) OVER twelve))) AS submissions,
        max(month) FILTER (ends) OVER (
            PARTITION BY area_code, subject_id, measure_id, breakdown, breakdown_value
        ) AS latest_month
    FROM spine
    LEFT JOIN monthly USING (area_code, month, subject_id, measure_id, breakdown, breakdown_value)
    -- The spine has every month, so 12 rows are 12 months.
    WINDOW twelve AS (
        PARTITION BY area_code, subject_id, measure_id, breakdown, breakdown_value
        ORDER BY month ROWS BETWEEN 11 PRECEDING AND CURRENT ROW
    )
),
known AS (
    SELECT
        *,
        CASE additivity
            WHEN 'snapshot' THEN ends_now AND value IS NOT NULL
            WHEN 'distinct' THEN months_covered = 12 AND is_aligned AND NOT is_withheld AND can_be_counted_again
            ELSE months_covered = 12 AND is_aligned AND NOT is_withheld
        END AS is_known
    FROM windows
)
SELECT
    area_code,
    month,
    subject_id,
    measure_id,
    breakdown,
    breakdown_value,
    months_covered,
    CASE
        WHEN NOT is_known THEN NULL
        WHEN additivity = 'snapshot' THEN known.value
        -- Where the records are gone, what each month counted is added up.
        WHEN additivity = 'distinct' AND months = 1 AND NOT is_removed THEN coalesce(recounted.value, 0)
        ELSE total
    END AS value,
    CASE
        WHEN NOT is_known THEN NULL
        WHEN additivity = 'snapshot' THEN known.base
        WHEN additivity = 'distinct' AND months = 1 AND NOT is_removed THEN coalesce(recounted.base, 0)
        ELSE total_base
    END AS base,
    CASE
        WHEN is_known THEN NULL
        WHEN additivity = 'snapshot' AND ends_now THEN 'The figure was withheld or not given by its supplier.'
        WHEN additivity = 'snapshot' THEN 'No return says how it stood at the end of this month.'
        WHEN months_covered < 12 THEN 'Only ' || months_covered || ' of the 12 months are covered.'
        WHEN NOT is_aligned THEN 'The returns come by longer periods than a month, and none ends with this one.'
        WHEN is_withheld THEN 'A figure of these 12 months was withheld or not given by its supplier.'
        ELSE 'Persons cannot be added up over several returns; their records are needed to count them again.'
    END AS reason,
    submissions,
    latest_month
FROM known
LEFT JOIN distinct_window_as_of(instant) AS recounted
    USING (area_code, month, subject_id, measure_id, breakdown, breakdown_value);
