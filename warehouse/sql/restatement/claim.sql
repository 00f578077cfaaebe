-- What others brought and is held back is held back of a submission that brings the same, too: to be accepted with it.
INSERT INTO held_back BY NAME
SELECT * REPLACE ($submission_id AS submission_id)
FROM held_back
SEMI JOIN (
    SELECT source, slice_key, content_id FROM slice WHERE submission_id = $submission_id
) AS brought USING (source, slice_key, content_id);
