-- How many rows leave, by source.
SELECT source, count(*) AS rows FROM leaving GROUP BY source ORDER BY source;
