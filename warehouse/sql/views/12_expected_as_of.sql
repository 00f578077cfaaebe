-- Every return that is owed, from the first period of its source that is held on, and when it came: once all of its
-- months are held. Where the parts of a whole report for themselves, each of them owes one.
CREATE OR REPLACE MACRO expected_as_of(instant) AS TABLE
WITH arrived AS (
    SELECT
        source,
        part,
        (month + to_months(place::INTEGER))::DATE AS month,
        submission_id,
        received_at,
        content_id <> first(content_id) OVER (PARTITION BY source, slice_key ORDER BY received_at) AS is_other
    FROM (SELECT *, unnest(range(months)) AS place FROM slice WHERE loaded_at <= instant AND month IS NOT NULL)
    JOIN (SELECT submission_id, received_at FROM submission) USING (submission_id)
),
-- Who always sends all of a year restates what came before with every new month: that is not sending it again.
marked AS (
    SELECT *, bool_or(is_first) OVER (PARTITION BY source, part, submission_id) AS brings_new
    FROM (SELECT *, received_at = min(received_at) OVER (PARTITION BY source, part, month) AS is_first FROM arrived)
),
came AS (
    SELECT
        source,
        part,
        month,
        min(received_at) AS received_at,
        list(DISTINCT submission_id) AS submissions,
        bool_or(is_other AND NOT brings_new) AS is_sent_again
    FROM marked
    GROUP BY source, part, month
),
began AS (
    SELECT source, min(month) AS first_month, min(received_at) AS first_received_at FROM came GROUP BY source
),
owed AS (
    SELECT owed_return.*, first_received_at, coalesce(part.part, '') AS part, part_name
    FROM owed_return
    JOIN began USING (source)
    LEFT JOIN part USING (source)
    WHERE month >= first_month
        AND coalesce(part.valid_from <= month, true)
        AND coalesce(part.valid_to >= month, true)
)
SELECT
    owed.source,
    owed.part,
    part_name,
    owed.month,
    owed.months,
    period,
    last_day((owed.month + to_months(owed.months - 1))::DATE) AS period_end,
    due_on,
    CASE
        WHEN count(DISTINCT came.month) = owed.months THEN day_in_england(max(came.received_at))
    END AS received_on,
    coalesce(bool_or(is_sent_again), false) AS is_sent_again,
    -- Of what came later than it was due because nothing was taken in before, nobody knows whether it was late.
    due_on >= day_in_england(first_received_at) AS is_timed,
    list_distinct(flatten(list(came.submissions))) AS submissions
FROM owed
LEFT JOIN came
    ON came.source = owed.source
    AND owed.part IN ('', came.part)
    AND came.month >= owed.month
    AND came.month < owed.month + to_months(owed.months)
GROUP BY owed.source, owed.part, part_name, owed.month, owed.months, period, due_on, first_received_at;
