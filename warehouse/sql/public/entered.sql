-- A release that is in the register, and was not withdrawn.
SELECT release_id FROM release ANTI JOIN withdrawal USING (release_id) WHERE release_id = $release_id;
