-- What is expected, received and late on a day: one row for every source, or for each part of one.
CREATE OR REPLACE MACRO status_as_of(instant, today) AS TABLE
WITH expected AS MATERIALIZED (
    FROM expected_as_of(instant)
),
owing AS (
    SELECT
        source,
        part,
        part_name,
        arg_min(
            {'period': period, 'month': month, 'period_end': period_end, 'due_on': due_on}, month
        ) FILTER (received_on IS NULL) AS awaited,
        count(*) FILTER (received_on IS NULL AND due_on < today::DATE) AS missing
    FROM expected
    GROUP BY source, part, part_name
),
-- Of a source that has brought nothing yet, the next return that is due; of one without due days nothing.
beginning AS (
    SELECT
        source,
        '' AS part,
        NULL::VARCHAR AS part_name,
        arg_min({'period': period, 'month': month, 'period_end': NULL::DATE, 'due_on': due_on}, due_on) AS awaited,
        0 AS missing
    FROM source
    LEFT JOIN owed_return USING (source)
    WHERE source NOT IN (SELECT source FROM owing) AND coalesce(due_on >= today::DATE, true)
    GROUP BY source
),
all_owing AS (
    FROM owing UNION ALL BY NAME FROM beginning
),
held AS (
    SELECT
        slice.source,
        owing.part,
        max((slice.month + to_months(slice.months - 1))::DATE) AS latest_month,
        arg_max(received_at, (coalesce(slice.month, DATE '1900-01-01'), received_at)) AS received_at,
        arg_max(slice.revision, (coalesce(slice.month, DATE '1900-01-01'), received_at)) AS revision
    FROM slice_as_of(instant) AS slice
    JOIN submission USING (submission_id)
    JOIN all_owing AS owing ON owing.source = slice.source AND owing.part IN ('', slice.part)
    GROUP BY slice.source, owing.part
),
standing AS (
    SELECT
        owing.source,
        owing.part,
        concat_ws(': ', source.title, part_name) AS title,
        arrives,
        supplier_id,
        coalesce(held.latest_month, CASE WHEN owing.part = '' THEN freshness.latest_month END) AS latest_month,
        held.received_at,
        held.revision,
        nullif(freshness.status, 'nothing yet') AS last_verdict,
        awaited.period AS awaited_period,
        awaited.month AS awaited_month,
        awaited.period_end AS awaited_end,
        awaited.due_on AS due_on,
        missing,
        working_days_late(awaited.due_on, today::DATE) AS late_by,
        freshness.is_synthetic
    FROM all_owing AS owing
    JOIN source USING (source)
    JOIN freshness_as_of(instant) AS freshness USING (source)
    LEFT JOIN held ON held.source = owing.source AND held.part = owing.part
),
stated AS (
    SELECT
        *,
        CASE
            WHEN received_at IS NULL AND missing = 0 THEN 'nothing yet'
            WHEN late_by >= 5 THEN 'overdue'
            WHEN late_by > 0 THEN 'late'
            WHEN awaited_end < today::DATE THEN 'not in yet'
            ELSE 'in'
        END AS state,
        CASE
            WHEN awaited_month < latest_month THEN ' The next run leaves the 12-month figures that need it empty.'
            ELSE ' The next run makes the figures up to ' || strftime(latest_month, '%B %Y') || ' without it.'
        END AS without_it,
        CASE WHEN missing > 1 THEN ' (and ' || (missing - 1) || ' more)' ELSE '' END AS and_more,
        strftime(due_on, '%-d %B %Y') AS due,
        CASE WHEN last_verdict = 'rejected' THEN ' Its last file was rejected: see the quarantine.' ELSE '' END AS refused
    FROM standing
)
SELECT
    source,
    part,
    title,
    supplier_id,
    state,
    latest_month,
    received_at,
    revision,
    last_verdict,
    awaited_period,
    awaited_month,
    due_on,
    late_by,
    missing,
    CASE state
        WHEN 'nothing yet' THEN 'Nothing is held yet' || coalesce('; ' || awaited_period || ' is due by ' || due, '') || '.'
        WHEN 'in' THEN coalesce('Nothing is due before ' || due || ' (' || awaited_period || ').', 'It comes ' || arrives || '.')
        WHEN 'not in yet' THEN awaited_period || ' is not in yet, which is normal: it is due by ' || due || '.' || coalesce(without_it, '')
        ELSE awaited_period || and_more || ' has not come; it was due by ' || due || '.' || coalesce(without_it, '')
    END || refused AS next_run,
    is_synthetic
FROM stated
ORDER BY source, part;
