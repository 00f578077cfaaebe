-- The raw files that are, or may be, about single people: those of such sources, those that were never recognised, those
-- that were refused before their rows were read, and those that were taken for such when they were encrypted.
SELECT DISTINCT kept_as, source
FROM submission
WHERE kept_as <> ''
    AND (
        source IS NULL
        OR list_contains($sources, source)
        OR (status = 'rejected' AND suite_result IS NULL)
        OR ends_with(kept_as, $encrypted)
    )
ORDER BY ALL;
