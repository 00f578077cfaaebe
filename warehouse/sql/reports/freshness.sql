-- How fresh each source is now.
FROM freshness_as_of(TIMESTAMP '9999-12-31');
