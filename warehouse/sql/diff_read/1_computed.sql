-- The counts and figures of a reading, computed from what was known at its instant.
CREATE OR REPLACE TEMP TABLE monthly_measure AS
FROM monthly_measure_as_of($at::TIMESTAMP);

INSERT INTO read_count BY NAME
SELECT
    $is_new AS is_new, source, area_code, subject_id, measure_id, breakdown, breakdown_value, month, months, value,
    list_sort(submissions) AS submissions
FROM monthly_measure;

INSERT INTO read_figure BY NAME
SELECT
    $is_new AS is_new, indicator_id, indicator_name, area_code, area_name, breakdown, breakdown_value, period_end, unit,
    value, display, source_submission
FROM rolling_12m_of('monthly_measure', $at::TIMESTAMP);
