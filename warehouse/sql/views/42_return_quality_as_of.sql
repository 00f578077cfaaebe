-- How well the returns of providers come, by the month in which the period of each ends, and how many of the answers in
-- their records are known; undivided, and by source. A month counts once every return that ends in it has fallen due.
CREATE OR REPLACE MACRO return_quality_as_of(instant) AS TABLE
WITH standing AS MATERIALIZED (
    FROM slice_as_of(instant)
),
provided AS (
    SELECT DISTINCT source, area_code
    FROM standing
    JOIN source USING (source)
    WHERE loads IN ('fact_referrals', 'fact_return_counts')
),
owed AS MATERIALIZED (
    SELECT expected.* EXCLUDE (month), area_code, date_trunc('month', period_end)::DATE AS month
    FROM expected_as_of(instant) AS expected
    JOIN provided USING (source)
),
over AS (
    SELECT area_code, min(month) FILTER (due_on >= day_in_england(instant)) AS open_month
    FROM owed
    GROUP BY area_code
),
divided AS (
    SELECT * EXCLUDE (source), unnest([
        {'breakdown': 'all', 'breakdown_value': 'all'}, {'breakdown': 'source', 'breakdown_value': source}
    ], recursive := true)
    FROM owed
    WHERE is_timed
),
begun AS (
    SELECT area_code, breakdown, breakdown_value, min(month) AS first_month FROM divided GROUP BY ALL
),
returned AS (
    SELECT
        area_code,
        dim_period.month,
        breakdown,
        breakdown_value,
        count(due_on) AS returns_due,
        count(*) FILTER (received_on <= due_on) AS returns_on_time,
        count(received_on) AS returns_received,
        count(*) FILTER (received_on IS NOT NULL AND is_sent_again) AS returns_sent_again,
        coalesce(list_distinct(flatten(list(submissions))), []) AS submissions
    FROM begun
    JOIN over USING (area_code)
    JOIN dim_period
        ON dim_period.month >= first_month
        AND dim_period.month < open_month
        -- The windows end where what is counted in them does.
        AND dim_period.month <= (SELECT max(month) FROM standing)
    LEFT JOIN divided USING (area_code, month, breakdown, breakdown_value)
    GROUP BY ALL
),
answered AS (
    SELECT source, area_code, month, sum(answers)::BIGINT AS answers, sum(answers_known)::BIGINT AS answers_known,
        list(DISTINCT submission_id) AS submissions
    FROM standing
    JOIN source USING (source)
    WHERE loads = 'fact_referrals'
    GROUP BY source, area_code, month
    -- A slice of version 0.1 was not counted.
    HAVING count(answers) = count(*)
),
-- All together only where every source that has records of before has them of that month, too.
answered_together AS (
    SELECT area_code, month, 'all' AS breakdown, 'all' AS breakdown_value, sum(answers)::BIGINT AS answers,
        sum(answers_known)::BIGINT AS answers_known, flatten(list(submissions)) AS submissions
    FROM answered
    GROUP BY area_code, month
    HAVING count(*) = (
        SELECT count(DISTINCT slice.source)
        FROM standing AS slice
        JOIN source USING (source)
        WHERE loads = 'fact_referrals' AND slice.area_code = answered.area_code AND slice.month <= answered.month
    )
)
SELECT
    area_code, month, 1 AS months, 'PARTNERSHIP' AS subject_id, measure_id, breakdown, breakdown_value, value,
    NULL::BIGINT AS base, 'submission' AS source, NULL::VARCHAR AS content_id, submissions, false AS is_kept_aggregate
FROM (
    FROM (UNPIVOT returned ON returns_due, returns_on_time, returns_received, returns_sent_again INTO NAME measure_id VALUE value)
    UNION ALL BY NAME
    FROM (UNPIVOT answered_together ON answers, answers_known INTO NAME measure_id VALUE value)
    UNION ALL BY NAME
    SELECT * EXCLUDE (source), 'source' AS breakdown, source AS breakdown_value
    FROM (UNPIVOT answered ON answers, answers_known INTO NAME measure_id VALUE value)
);
