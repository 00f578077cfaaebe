-- How fresh each source is.
CREATE TABLE published.freshness AS
FROM freshness ORDER BY source;
