-- The ratio numerator * scale / denominator as text, rounded half up (away from zero) in whole numbers, so exactly.
CREATE OR REPLACE MACRO half_up_whole(numerator, denominator, scale, places) AS (
    (2 * abs(numerator::HUGEINT) * scale * pow(10, places)::BIGINT + denominator) // nullif(2 * denominator, 0)
);
CREATE OR REPLACE MACRO half_up(numerator, denominator, scale, places) AS (
    CASE
        WHEN places = 0 THEN half_up_whole(numerator, denominator, scale, places)::VARCHAR
        ELSE (half_up_whole(numerator, denominator, scale, places) // pow(10, places)::BIGINT)::VARCHAR || '.'
            || lpad((half_up_whole(numerator, denominator, scale, places) % pow(10, places)::BIGINT)::VARCHAR, places, '0')
    END
);
