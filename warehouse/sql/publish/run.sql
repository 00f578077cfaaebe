-- The run that made this file.
CREATE TABLE published.run AS
FROM run WHERE run_id = $run_id;
