-- The months that can be reported, 2010 to 2039, made once.
INSERT OR IGNORE INTO dim_period
SELECT
    month,
    year(month) * 100 + month(month),
    last_day(month),
    financial_year,
    financial_year || ' Q' || (((month(month) + 8) % 12) // 3 + 1),
    '12 months to ' || strftime(month, '%B %Y')
FROM (
    SELECT
        unnest(generate_series(DATE '2010-01-01', DATE '2039-12-01', INTERVAL 1 MONTH))::DATE AS month,
        year(month - INTERVAL 3 MONTHS) AS started,
        started || '/' || right((started + 1)::VARCHAR, 2) AS financial_year
);
INSERT OR IGNORE INTO dim_period VALUES
    (DATE '1900-01-01', -1, DATE '1900-01-31', 'Unknown', 'Unknown', 'Unknown'),
    (DATE '1900-02-01', -2, DATE '1900-02-28', 'Not applicable', 'Not applicable', 'Not applicable');
