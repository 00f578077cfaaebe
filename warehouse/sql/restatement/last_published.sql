-- When it was last published; nothing where nothing was.
SELECT max(as_of) AS as_of FROM run HAVING count(*) > 0;
