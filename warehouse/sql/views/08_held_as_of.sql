-- The contents of slices that were held back at an instant and not accepted by then, whichever submission brings them.
CREATE OR REPLACE MACRO held_as_of(instant) AS TABLE
SELECT DISTINCT source, slice_key, content_id
FROM held_back
ANTI JOIN (
    SELECT source, slice_key, content_id
    FROM held_back
    JOIN acceptance USING (submission_id)
    WHERE accepted_at <= instant
) AS accepted USING (source, slice_key, content_id)
WHERE held_at <= instant;
