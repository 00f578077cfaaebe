-- The last instant from which something is known or accepted, or at which figures were made.
SELECT max(instant) AS last_instant
FROM (
    SELECT max(loaded_at) AS instant FROM slice
    UNION ALL
    SELECT max(accepted_at) FROM acceptance
    UNION ALL
    SELECT max(as_of) FROM run
) AS known;
