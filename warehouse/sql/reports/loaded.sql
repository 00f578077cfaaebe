-- When something was last loaded or accepted, and whether the published figures rest on less and may be replaced.
SELECT
    max(known_at) AS loaded_at,
    count(*) > 0 AND coalesce(max(known_at) > (SELECT max(as_of) FROM run), true)
        AND NOT EXISTS (FROM rolled_back()) AS behind
FROM (SELECT loaded_at AS known_at FROM slice UNION ALL SELECT accepted_at FROM acceptance);
