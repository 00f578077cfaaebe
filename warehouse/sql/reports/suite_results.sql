-- The kept results of Great Expectations.
SELECT submission_id, source, received_at, suite_result
FROM submission
WHERE suite_result IS NOT NULL
ORDER BY received_at;
