-- The publications that rest on just what was known at an instant, by the rules of now, the latest first.
SELECT run_id
FROM run
JOIN prepared USING (fingerprint)
WHERE as_of <= $at::TIMESTAMP
    AND NOT EXISTS (SELECT 1 FROM slice WHERE loaded_at > as_of AND loaded_at <= $at::TIMESTAMP)
    AND NOT EXISTS (SELECT 1 FROM acceptance WHERE accepted_at > as_of AND accepted_at <= $at::TIMESTAMP)
    -- Rows about people that were removed since still stand in it.
    AND NOT EXISTS (SELECT 1 FROM retention WHERE kind <> 'raw files' AND done_at > as_of)
    -- With the day on which it fell due a return begins to be counted.
    AND NOT EXISTS (
        SELECT 1
        FROM owed_return
        WHERE due_on >= day_in_england(as_of) AND due_on < day_in_england($at::TIMESTAMP)
    )
ORDER BY as_of DESC;
