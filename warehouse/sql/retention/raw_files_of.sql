-- The raw files that are kept of sources.
SELECT DISTINCT kept_as, source
FROM submission
WHERE kept_as <> '' AND list_contains($sources, source)
ORDER BY ALL;
