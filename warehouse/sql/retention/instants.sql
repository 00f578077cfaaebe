-- The instants since which the contents that rows leave were known: one that was ever current was so at one of them.
SELECT DISTINCT loaded_at AS instant FROM slice SEMI JOIN leaving USING (content_id) ORDER BY instant;
