-- How fresh each source is now.
SELECT * RENAME (last_received_at AS received_at) FROM freshness_as_of(TIMESTAMP '9999-12-31');
