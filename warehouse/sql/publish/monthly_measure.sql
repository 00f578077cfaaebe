-- The months behind the windows, zeros included.
CREATE TABLE published.monthly_measure AS
SELECT * EXCLUDE (content_id) FROM monthly_measure ORDER BY ALL;
