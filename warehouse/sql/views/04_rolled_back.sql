-- The rollback in force: the last decision, where it was not lifted.
CREATE OR REPLACE MACRO rolled_back() AS TABLE
FROM (FROM rollback ORDER BY rolled_back_at DESC LIMIT 1) AS last_decision
WHERE run_id IS NOT NULL;
