-- The run that stands published: how many figures it has, and how many of them are complete.
SELECT run_id, as_of, (SELECT count(*) FROM new_figure) AS figures, (SELECT count(value) FROM new_figure) AS complete
FROM new_run;
