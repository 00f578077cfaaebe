-- The run that made this file; one that is made again ended when it did.
CREATE TABLE published.run AS
SELECT
    $run_id AS run_id,
    $as_of::TIMESTAMP AS started_at,
    coalesce((SELECT ended_at FROM run WHERE run_id = $run_id), get_current_timestamp() AT TIME ZONE 'UTC') AS ended_at,
    $version AS version,
    $as_of::TIMESTAMP AS as_of,
    fingerprint,
    $as_of::TIMESTAMP AS looked_at,
    $today::DATE AS looked_on
FROM prepared;
COMMENT ON COLUMN published.run.looked_at IS 'How fresh the sources are and what is late is told as it was known at this instant, UTC: later than as_of where nothing else was new.';
COMMENT ON COLUMN published.run.looked_on IS 'The day on which it was late.';
