-- The run that made this file.
CREATE TABLE published.run AS
SELECT
    $run_id AS run_id,
    $as_of::TIMESTAMP AS started_at,
    get_current_timestamp() AT TIME ZONE 'UTC' AS ended_at,
    $version AS version,
    $as_of::TIMESTAMP AS as_of,
    fingerprint
FROM prepared;
