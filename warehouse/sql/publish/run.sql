-- The run that made this file; one that is made again ended when it did.
CREATE TABLE published.run AS
SELECT
    $run_id AS run_id,
    $as_of::TIMESTAMP AS started_at,
    coalesce((SELECT ended_at FROM run WHERE run_id = $run_id), get_current_timestamp() AT TIME ZONE 'UTC') AS ended_at,
    $version AS version,
    $as_of::TIMESTAMP AS as_of,
    fingerprint
FROM prepared;
