-- The latest version of each slice that has been received, held back or not. Arrival order decides nothing.
CREATE OR REPLACE MACRO received_as_of(instant) AS TABLE
SELECT *
FROM slice
WHERE loaded_at <= instant
QUALIFY row_number() OVER (
    PARTITION BY source, slice_key
    ORDER BY vintage DESC NULLS LAST, revision DESC, content_id DESC, loaded_at, submission_id
) = 1;
