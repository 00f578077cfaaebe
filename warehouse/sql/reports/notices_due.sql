-- What is to be told on a day and was not told yet: returns that are late by two working days, and again from five on,
-- and files that were rejected and not taken in since. Nothing of a file is told, not even its name: a sender wrote it.
WITH rejected AS (
    SELECT *
    FROM submission
    WHERE status <> 'unchanged'
    QUALIFY row_number() OVER (PARTITION BY sha256 ORDER BY received_at DESC, submission_id DESC) = 1
        AND status = 'rejected'
        AND kept_as IS NOT NULL
),
due AS (
    SELECT
        CASE WHEN state = 'overdue' THEN 'overdue' ELSE 'late' END AS kind,
        concat_ws('/', kind, source, nullif(part, ''), awaited_month) AS notice_id,
        source,
        title,
        supplier_id,
        awaited_period AS period,
        due_on,
        late_by,
        missing,
        NULL::VARCHAR AS submission_id,
        NULL::DATE AS received_on
    FROM status_as_of(TIMESTAMP '9999-12-31', $today::DATE)
    WHERE late_by >= 2
    UNION ALL BY NAME
    SELECT
        'rejected' AS kind,
        'rejected/' || sha256[:16] AS notice_id,
        source,
        title,
        supplier_id,
        submission_id,
        (received_at AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/London')::DATE AS received_on
    FROM rejected
    LEFT JOIN source USING (source)
)
SELECT kind, notice_id, source, title, agency_name AS supplier, period, due_on, late_by, missing, submission_id, received_on
FROM due
LEFT JOIN dim_agency
    ON agency_id = supplier_id
    AND $today::DATE >= dim_agency.valid_from
    AND coalesce($today::DATE <= dim_agency.valid_to, true)
ANTI JOIN notification USING (notice_id)
ORDER BY kind, notice_id;
