-- What is to be told on a day and was not told yet: returns that are late by two working days, and again from five on,
-- files that were rejected and not taken in since, and restatements that are held back. Nothing of a file is told, not even its name: a sender wrote it.
WITH missing AS (
    SELECT *, working_days_late(due_on, $today::DATE) AS late_by
    FROM expected_as_of(TIMESTAMP '9999-12-31')
    WHERE received_on IS NULL AND due_on < $today::DATE
),
-- Of several that have not come, the latest one is told, and how many there are.
late AS (
    SELECT *, count(*) OVER one AS missing, CASE WHEN late_by >= 5 THEN 'overdue' ELSE 'late' END AS kind
    FROM missing
    WHERE late_by >= 2
    WINDOW one AS (PARTITION BY source, part)
    QUALIFY month = max(month) OVER one
),
rejected AS (
    SELECT *
    FROM submission
    WHERE status <> 'unchanged'
    QUALIFY row_number() OVER (PARTITION BY sha256 ORDER BY received_at DESC, submission_id DESC) = 1
        AND status = 'rejected'
        AND kept_as IS NOT NULL
),
held AS (
    SELECT DISTINCT source, submission_id, held_at FROM restatement_as_of(TIMESTAMP '9999-12-31')
),
due AS (
    SELECT
        kind, concat_ws('/', kind, source, nullif(part, ''), month) AS notice_id, source, part_name, period, due_on,
        late_by, missing
    FROM late
    UNION ALL BY NAME
    SELECT
        'rejected' AS kind, 'rejected/' || sha256[:16] AS notice_id, source, submission_id,
        day_in_england(received_at) AS received_on
    FROM rejected
    UNION ALL BY NAME
    SELECT 'held' AS kind, 'held/' || submission_id AS notice_id, source, submission_id, day_in_england(held_at) AS received_on
    FROM held
)
SELECT
    kind, notice_id, source, nullif(concat_ws(': ', title, part_name), '') AS title, agency_name AS supplier, period, due_on, late_by,
    missing, submission_id, received_on
FROM due
LEFT JOIN source USING (source)
LEFT JOIN dim_agency
    ON agency_id = supplier_id
    AND $today::DATE >= dim_agency.valid_from
    AND coalesce($today::DATE <= dim_agency.valid_to, true)
ANTI JOIN notification USING (notice_id)
ORDER BY kind, notice_id;
