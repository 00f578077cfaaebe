-- Every publication, the latest first, and how many figures it gave or changed.
SELECT run.run_id, run.as_of, run.version, count(published_figure.run_id) AS changed
FROM run
LEFT JOIN published_figure USING (run_id)
GROUP BY ALL
ORDER BY run.as_of DESC;
