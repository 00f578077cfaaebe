-- The new figures, kept at hand after their file is closed.
CREATE OR REPLACE TEMP TABLE new_run AS FROM published.run;
CREATE OR REPLACE TEMP TABLE new_figure AS
SELECT run_id, indicator_id, area_code, period_end, numerator, denominator, value FROM published.rolling_12m;
