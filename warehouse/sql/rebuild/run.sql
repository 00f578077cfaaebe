-- A publication, the day in England on which it was made, and whether the rules of now are those that it was made by.
SELECT run.*, day_in_england(as_of) AS day, fingerprint IN (FROM prepared) AS is_ours
FROM run
WHERE run_id = $run_id;
