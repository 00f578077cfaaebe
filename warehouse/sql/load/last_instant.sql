-- The last instant from which something is known or decided, or at which figures were made or released.
SELECT max(instant) AS last_instant
FROM (
    SELECT max(loaded_at) AS instant FROM slice
    UNION ALL
    SELECT max(accepted_at) FROM acceptance
    UNION ALL
    SELECT max(as_of) FROM run
    UNION ALL
    SELECT max(rolled_back_at) FROM rollback
    UNION ALL
    SELECT max(released_at) FROM release
    UNION ALL
    SELECT max(withdrawn_at) FROM withdrawal
) AS known;
