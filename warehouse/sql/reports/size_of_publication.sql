-- How many figures the run that was just published has, and how many of them are complete.
SELECT count(*) AS figures, count(value) AS complete FROM new_figure;
