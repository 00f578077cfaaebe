-- Nothing is held back for now.
CREATE OR REPLACE TEMP TABLE holds_aside AS FROM held_back;
DELETE FROM held_back;
