-- The series that a submission brings, and those that it brings no longer; and what was last published of them.
CREATE OR REPLACE TEMP TABLE touched AS
WITH brought AS (
    SELECT source, slice_key, content_id FROM slice WHERE submission_id = $submission_id
)
SELECT DISTINCT subject_id, measure_id
FROM coverage
SEMI JOIN (
    SELECT content_id FROM brought
    UNION ALL
    SELECT standing.content_id
    FROM slice_as_of($published_at::TIMESTAMP) AS standing
    SEMI JOIN brought USING (source, slice_key)
) AS concerned USING (content_id)
UNION
SELECT DISTINCT 'POPULATION', residents_series(series, sex, ages)
FROM population
SEMI JOIN brought USING (content_id);

CREATE OR REPLACE TEMP TABLE published_count AS
FROM stated_as_of($published_at::TIMESTAMP) SEMI JOIN touched USING (subject_id, measure_id);
