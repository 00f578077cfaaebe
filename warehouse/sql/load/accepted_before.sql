-- The accepted submission with the same bytes and at least this revision: the same bytes under a higher revision
-- are no repetition, they settle which of two rival files is right.
FROM submission
WHERE sha256 = $sha256 AND revision >= $revision AND status = 'accepted'
ORDER BY received_at
LIMIT 1;
