-- Two sources that have the same figure have it alike (R-REC-01, R-REC-02).
SELECT
    area_code,
    period_end,
    format(
        '{} ({}), {} to {}: "{}" has {}, and "{}" has {}.',
        measure_name, coalesce(service_name, offence_name), strftime(period_start, '%-d %B %Y'),
        strftime(period_end, '%-d %B %Y'), read.title, read_value, other.title, other_value
    ) AS said
FROM published.reconciliation
JOIN dim_measure USING (measure_id)
LEFT JOIN dim_service ON service_id = subject_id
LEFT JOIN dim_offence ON offence_id = subject_id
JOIN source AS read ON read.source = read_source
JOIN source AS other ON other.source = other_source
WHERE difference <> 0;
