-- Every dimension has a member for what is not known, and one for where it does not apply.
INSERT INTO dim_agency VALUES
    ('UNKNOWN', 'Unknown', 'unknown', DATE '1900-01-01', NULL),
    ('NOT_APPLICABLE', 'Not applicable', 'not applicable', DATE '1900-01-01', NULL);
INSERT INTO dim_area VALUES
    ('UNKNOWN', 'Unknown', 'unknown', 'Unknown'),
    ('NOT_APPLICABLE', 'Not applicable', 'not applicable', 'Not applicable');
INSERT INTO dim_offence VALUES
    ('UNKNOWN', 'Unknown', 'NOT_APPLICABLE', NULL, 'The concept is not known.'),
    ('NOT_APPLICABLE', 'Not applicable', 'NOT_APPLICABLE', NULL, 'The figure has no offence.');
INSERT INTO dim_service VALUES ('UNKNOWN', 'Unknown', NULL), ('NOT_APPLICABLE', 'Not applicable', NULL);
INSERT INTO dim_measure VALUES
    ('UNKNOWN', 'Unknown', 'unknown', 'flow', 'The measure is not known.', NULL),
    ('NOT_APPLICABLE', 'Not applicable', 'not applicable', 'flow', 'The figure has no measure.', NULL);
INSERT INTO dim_indicator BY NAME
SELECT
    indicator_id, name, definition,
    'NOT_APPLICABLE' AS numerator_subject, 'NOT_APPLICABLE' AS numerator_measure, 'level' AS presents, 1 AS scale,
    'not applicable' AS unit, 'context' AS polarity, 0 AS places, '' AS definition_source, [] AS breakdowns,
    'all' AS denominator_breakdown, false AS denominator_days, 0 AS least_base,
    'all' AS population_sex, 'all' AS population_ages, 'never' AS disclosure
FROM (VALUES
    ('UNKNOWN', 'Unknown', 'The indicator is not known.'),
    ('NOT_APPLICABLE', 'Not applicable', 'No indicator applies.')
) AS members (indicator_id, name, definition);
