-- The figures.
CREATE TABLE published.rolling_12m AS
FROM rolling_12m ORDER BY indicator_id, area_code, period_end;
