-- The slices of a submission that are beyond the limits, each with every count that it changes and the first rule that
-- holds it back: what they were last published as stands until somebody accepts them.
WITH changed AS (
    SELECT *
    FROM restated_period
    WHERE is_brought AND was IS DISTINCT FROM would_be
        -- A count that this submission no longer gives is brought by none.
        OR was IS NOT NULL AND would_be IS NULL
),
brought AS (
    SELECT slice.*, loads, standing.submission_id AS stood_in
    FROM slice
    JOIN source USING (source)
    LEFT JOIN slice_as_of($published_at::TIMESTAMP) AS standing USING (source, slice_key)
    WHERE slice.submission_id = $submission_id
        AND slice.content_id IS DISTINCT FROM standing.content_id
        AND slice.slice_key NOT IN (SELECT slice_key FROM held_back WHERE submission_id = $submission_id)
),
-- The file before, where this one repeats most of it: what that had from this one's first month on, and this one has not.
before AS (
    SELECT *
    FROM slice
    WHERE submission_id = (
        SELECT arg_max(submission_id, loaded_at)
        FROM slice
        WHERE source = (SELECT any_value(source) FROM slice WHERE submission_id = $submission_id)
            AND submission_id <> $submission_id
            AND loaded_at <= $published_at::TIMESTAMP
    )
),
vanished AS (
    SELECT count(*) AS slices
    FROM before
    LEFT JOIN (SELECT slice_key, true AS is_there FROM slice WHERE submission_id = $submission_id) USING (slice_key)
    CROSS JOIN (SELECT min(month) AS first_month FROM slice WHERE submission_id = $submission_id)
    CROSS JOIN restatement_limit
    HAVING count(is_there) >= any_value(whole_share) * count(*)
        AND count(*) FILTER (is_there IS NULL AND month >= first_month) > 0
),
ruled AS (
    SELECT
        changed.* EXCLUDE (content_id),
        changed.content_id AS brought_content,
        list_filter([
            CASE
                WHEN changed.last_month <= (SELECT max(last_month) FROM closed_year WHERE closed_on <= $day::DATE)
                    AND was IS NOT NULL
                THEN 'closed year'
            END,
            CASE WHEN was IS NOT NULL AND would_be IS NULL THEN 'lost' END,
            CASE WHEN was >= least_base AND would_be < shrunk_share * was THEN 'shrunk' END,
            CASE WHEN worst IS NOT NULL THEN 'restated' END,
            CASE WHEN EXISTS (FROM vanished) THEN 'vanished' END
        ], lambda rule: rule IS NOT NULL)[1] AS rule,
        worst
    FROM changed
    CROSS JOIN restatement_limit
    LEFT JOIN (
        -- The window that changes the most among those that the period is in.
        SELECT
            changed.area_code, changed.subject_id, changed.measure_id, changed.last_month,
            arg_max(
                {'last_month': beyond.last_month, 'was': beyond.was, 'would_be': beyond.would_be},
                (beyond.percent, beyond.last_month)
            ) AS worst
        FROM changed
        JOIN restated_window AS beyond
            ON beyond.area_code = changed.area_code
            AND beyond.subject_id = changed.subject_id
            AND beyond.measure_id = changed.measure_id
            AND beyond.last_month BETWEEN changed.last_month AND changed.last_month + INTERVAL 11 MONTHS
        WHERE beyond.percent > held_percent AND beyond.difference >= least_difference
        GROUP BY ALL
    ) USING (area_code, subject_id, measure_id, last_month)
),
-- Records count in other months than that of their slice; of other sources a slice is of the period itself.
reached AS (
    SELECT brought.source, slice_key, brought.content_id, ruled.*
    FROM brought
    JOIN ruled
        ON ruled.area_code = brought.area_code
        AND (coalesce(brought.month = ruled.month, brought.content_id = brought_content) OR loads = 'fact_referrals')
)
SELECT
    $submission_id AS submission_id,
    source,
    slice_key,
    content_id,
    first_value(rule) OVER slice_first AS rule,
    area_code,
    month,
    months,
    subject_id,
    measure_id,
    was,
    would_be,
    worst.last_month AS window_end,
    worst.was AS window_was,
    worst.would_be AS window_would_be
FROM reached
WINDOW slice_first AS (
    PARTITION BY slice_key
    ORDER BY list_position(['closed year', 'lost', 'shrunk', 'restated', 'vanished'], rule) NULLS LAST
    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
)
QUALIFY bool_or(rule IS NOT NULL) OVER (PARTITION BY slice_key)
ORDER BY ALL;
