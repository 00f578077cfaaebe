-- How the slices of a file that arrives stand to the latest that were received, held back or not.
SELECT
    count(*) FILTER (held.content_id IS DISTINCT FROM arriving.content_id) AS changed,
    count(*) FILTER (held.content_id IS NOT DISTINCT FROM arriving.content_id) AS unchanged,
    coalesce(sum(arriving.rows) FILTER (held.content_id IS DISTINCT FROM arriving.content_id), 0) AS rows_loaded,
    coalesce(sum(arriving.rows) FILTER (held.content_id IS NOT DISTINCT FROM arriving.content_id), 0) AS rows_unchanged,
    count(*) FILTER (
        held.content_id <> arriving.content_id
        AND (held.vintage > arriving.vintage OR (held.vintage = arriving.vintage AND held.revision > $revision))
    ) AS older,
    count(*) FILTER (
        held.content_id <> arriving.content_id
        AND held.vintage IS NOT DISTINCT FROM arriving.vintage AND held.revision = $revision
    ) AS rivals
FROM arriving
LEFT JOIN received_as_of(TIMESTAMP '9999-12-31') AS held
    ON held.source = $source AND held.slice_key = arriving.slice_key;
