-- Where submissions came from and where their files are kept.
SELECT submission_id, source, file_name, sha256, received_at, vintage, revision, sheet, kept_as
FROM submission
WHERE submission_id IN (SELECT unnest($submissions))
ORDER BY received_at, submission_id;
