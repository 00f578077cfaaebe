-- What is held back at an instant and would be read if it were accepted, by each count that it changes.
CREATE OR REPLACE MACRO restatement_as_of(instant) AS TABLE
SELECT held_back.*
FROM held_back
SEMI JOIN held_as_of(instant) AS held USING (source, slice_key, content_id)
SEMI JOIN received_as_of(instant) AS received USING (source, slice_key, content_id)
WHERE held_at <= instant
-- Of several submissions that bring the same the latest is named.
QUALIFY held_at = max(held_at) OVER (PARTITION BY source, slice_key, content_id);
