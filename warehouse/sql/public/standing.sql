-- A release that is in the register.
SELECT release_id, run_id, rules FROM release WHERE release_id = $release_id;
