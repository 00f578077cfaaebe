-- A release that is in the register.
SELECT release_id FROM release WHERE release_id = $release_id;
