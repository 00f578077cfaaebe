-- Every release, the latest first, and who withdrew it.
SELECT release_id, policy, run_id, released_at, withdrawn_at, decided_by, why
FROM release
LEFT JOIN withdrawal USING (release_id)
ORDER BY released_at DESC;
