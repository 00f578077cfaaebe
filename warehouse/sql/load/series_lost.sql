-- The series that current slices carry, and that the slices of a file in their place do not.
SELECT DISTINCT subject_id || ' ' || measure_id AS series
FROM received_as_of(TIMESTAMP '9999-12-31') AS held
JOIN (SELECT slice_key, content_id AS arriving_id FROM arriving) USING (slice_key)
JOIN coverage USING (content_id)
ANTI JOIN carried
    ON carried.content_id = arriving_id
    AND carried.subject_id = coverage.subject_id
    AND carried.measure_id = coverage.measure_id
WHERE held.source = $source
ORDER BY ALL;
