-- What was found in one submission, the gravest first.
SELECT check_id, verdict, actor, header, sheet, broken_rows, said
FROM check_result
WHERE submission_id = $submission_id
ORDER BY CASE verdict WHEN 'reject the file' THEN 0 WHEN 'reject the row' THEN 1 ELSE 2 END, check_id;
