-- Every submission, the newest first.
SELECT
    received_at, submission_id, source, file_name, status, vintage, revision,
    received, loaded, unchanged, duplicate, out_of_scope, rejected, is_synthetic, message, kept_as
FROM submission
ORDER BY received_at DESC, submission_id DESC;
