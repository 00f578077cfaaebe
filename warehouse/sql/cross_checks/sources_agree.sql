-- Two sources that have the same figure have it alike (R-REC-01, R-REC-02).
SELECT
    area_code,
    period_end,
    format(
        '{} of {}: {} has {}, and {} has {}, for {} to {}.',
        measure_name, subject_id, read_source, read_value, other_source, other_value, period_start, period_end
    ) AS said
FROM published.reconciliation
JOIN dim_measure USING (measure_id)
WHERE difference <> 0;
