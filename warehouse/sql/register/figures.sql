-- The figures of a publication, to be entered once its file is closed and in its place.
CREATE OR REPLACE TEMP TABLE new_run AS
SELECT run_id, started_at, ended_at, version, as_of, fingerprint
FROM published.run;
CREATE OR REPLACE TEMP TABLE new_figure AS
SELECT run_id, indicator_id, area_code, breakdown, breakdown_value, period_end, numerator, denominator, value
FROM published.rolling_12m;
