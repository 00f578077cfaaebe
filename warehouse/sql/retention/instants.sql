-- The instants since which the contents that rows leave were known or accepted: one that was ever current was so at one
-- of them.
SELECT DISTINCT instant
FROM (
    SELECT loaded_at AS instant FROM slice SEMI JOIN leaving USING (content_id)
    UNION ALL
    SELECT accepted_at FROM acceptance JOIN held_back USING (submission_id) SEMI JOIN leaving USING (content_id)
)
ORDER BY instant;
