-- Whether a publication is in the register.
SELECT run_id FROM run JOIN new_run USING (run_id);
