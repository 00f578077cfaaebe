-- The standing publication, where the same program made it with the same rules from what is held and accepted now, and no
-- return has become late since.
SELECT run_id
FROM new_run
JOIN prepared USING (fingerprint)
WHERE version = $version
    AND NOT EXISTS (SELECT 1 FROM slice WHERE loaded_at > new_run.as_of)
    AND NOT EXISTS (SELECT 1 FROM acceptance WHERE accepted_at > new_run.as_of)
    -- Rows about people that were removed since still stand in it.
    AND NOT EXISTS (SELECT 1 FROM retention WHERE kind <> 'raw files' AND done_at > new_run.as_of)
    AND NOT EXISTS (
        SELECT 1
        FROM owed_return
        WHERE due_on >= day_in_england(new_run.as_of) AND due_on < day_in_england($now::TIMESTAMP)
    );
