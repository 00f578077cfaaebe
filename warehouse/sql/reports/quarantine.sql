-- Files of which something was rejected and that have not been taken in since: for each, its last submission. A file
-- whose time was over is no longer there.
SELECT submission_id, received_at, source, file_name, status, rejected, message, kept_as
FROM submission
WHERE status <> 'unchanged'
QUALIFY row_number() OVER (PARTITION BY sha256 ORDER BY received_at DESC, submission_id DESC) = 1
    AND (status = 'rejected' OR rejected > 0)
    AND kept_as IS NOT NULL
ORDER BY received_at DESC, submission_id DESC;
