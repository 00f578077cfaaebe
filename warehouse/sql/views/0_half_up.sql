-- The ratio numerator * scale / denominator as text, rounded half up (away from zero) in whole numbers, so exactly.
CREATE OR REPLACE MACRO half_up(numerator, denominator, scale, places) AS (
    WITH rounded AS (
        SELECT (2 * abs(numerator::HUGEINT) * scale * pow(10, places)::BIGINT + denominator) // nullif(2 * denominator, 0) AS whole
    )
    SELECT CASE
        WHEN places = 0 THEN whole::VARCHAR
        ELSE (whole // pow(10, places)::BIGINT)::VARCHAR
            || '.' || lpad((whole % pow(10, places)::BIGINT)::VARCHAR, places, '0')
    END
    FROM rounded
);
