-- The counts that two readings have otherwise: by source, area, series and period, with the submissions behind each.
CREATE OR REPLACE TEMP TABLE changed_count AS
WITH changed AS (
    SELECT
        coalesce(new.source, old.source) AS source,
        area_code, subject_id, measure_id, breakdown, breakdown_value, month,
        coalesce(new.months, old.months) AS months,
        old.value AS old,
        new.value AS new,
        old.source <> new.source AS is_read_elsewhere,
        coalesce(old.submissions, []) AS old_submissions,
        coalesce(new.submissions, []) AS new_submissions
    FROM (FROM read_count WHERE NOT is_new) AS old
    FULL JOIN (FROM read_count WHERE is_new) AS new USING (area_code, subject_id, measure_id, breakdown, breakdown_value, month)
    WHERE old.value IS DISTINCT FROM new.value
),
-- Records count in other months than that of their slice.
because AS (
    SELECT source, area_code, CASE WHEN loads = 'fact_referrals' THEN NULL ELSE month END AS slice_month,
        list_sort(list(DISTINCT reason)) AS reasons, list(DISTINCT accepted_by) FILTER (accepted_by IS NOT NULL) AS accepted_by
    FROM changed_slice
    GROUP BY ALL
)
SELECT
    changed.* EXCLUDE (is_read_elsewhere),
    CASE
        WHEN is_read_elsewhere THEN ['read from another source']
        WHEN changed.source = 'submission' THEN ['returns that came']
        ELSE coalesce(because.reasons, [])
    END AS reasons,
    coalesce(accepted_by, []) AS accepted_by
FROM changed
LEFT JOIN because
    ON because.source = changed.source
    AND because.area_code = changed.area_code
    AND coalesce(slice_month = changed.month, true);
