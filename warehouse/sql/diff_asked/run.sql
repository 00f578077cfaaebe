-- The instant of a publication.
SELECT as_of FROM run WHERE run_id = $run_id;
