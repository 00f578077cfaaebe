-- The rollback in force.
FROM rolled_back();
