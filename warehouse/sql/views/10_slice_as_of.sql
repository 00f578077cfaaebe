-- The current version of each slice, as it was known at an instant: the latest one that is not held back.
CREATE OR REPLACE MACRO slice_as_of(instant) AS TABLE
SELECT *
FROM slice
ANTI JOIN held_as_of(instant) AS held USING (source, slice_key, content_id)
WHERE loaded_at <= instant
QUALIFY row_number() OVER (
    PARTITION BY source, slice_key
    ORDER BY vintage DESC NULLS LAST, revision DESC, content_id DESC, loaded_at, submission_id
) = 1;
