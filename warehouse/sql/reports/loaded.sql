-- When something was last loaded, and whether the published figures rest on less.
SELECT
    max(loaded_at) AS loaded_at,
    count(*) > 0 AND coalesce(max(loaded_at) > (SELECT max(as_of) FROM run), true) AS behind
FROM slice;
