-- How many figures there are, and how many of them are complete.
SELECT count(*) AS figures, count(value) AS complete FROM rolling_12m;
