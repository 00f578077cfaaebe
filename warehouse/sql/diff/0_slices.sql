-- The slices that two readings have otherwise, why, and who accepted what had been held back; and the series that each of them carries.
CREATE OR REPLACE TEMP TABLE changed_slice AS
WITH old AS (
    FROM slice_as_of($old_at::TIMESTAMP)
),
new AS (
    FROM slice_as_of($new_at::TIMESTAMP)
),
supplied AS (
    SELECT DISTINCT source, loads, title, agency_type
    FROM source
    JOIN dim_agency ON agency_id = supplier_id
),
-- What nobody is named for is accepted on trial only.
accepted AS (
    SELECT DISTINCT source, slice_key, content_id, nullif(accepted_by, '') AS accepted_by
    FROM held_back
    JOIN acceptance USING (submission_id)
    WHERE accepted_at <= $new_at::TIMESTAMP
),
corrected AS (
    SELECT DISTINCT submission_id FROM check_result WHERE starts_with(check_id, 'correction.')
)
SELECT
    coalesce(new.source, old.source) AS source,
    coalesce(new.slice_key, old.slice_key) AS slice_key,
    coalesce(new.area_code, old.area_code) AS area_code,
    coalesce(new.month, old.month) AS month,
    coalesce(new.months, old.months) AS months,
    loads,
    title,
    old.content_id AS old_content,
    new.content_id AS new_content,
    old.submission_id AS old_submission,
    new.submission_id AS new_submission,
    CASE
        WHEN new.content_id IS NULL THEN 'no longer held'
        WHEN old.content_id IS NULL AND new.month > (SELECT max(month) FROM old AS held WHERE held.source = new.source)
            THEN 'new month'
        WHEN old.content_id IS NULL THEN 'not held before'
        WHEN corrected.submission_id IS NOT NULL THEN 'our correction'
        WHEN loads IN ('population', 'benchmark') THEN 'restated by its publisher'
        WHEN agency_type = 'police' THEN 'restated by the police'
        ELSE 'resubmitted by the provider'
    END AS reason,
    accepted_by
FROM old
FULL JOIN new ON new.source = old.source AND new.slice_key = old.slice_key
JOIN supplied ON supplied.source = coalesce(new.source, old.source)
LEFT JOIN corrected ON corrected.submission_id = new.submission_id
LEFT JOIN accepted
    ON accepted.source = new.source AND accepted.slice_key = new.slice_key AND accepted.content_id = new.content_id
WHERE old.content_id IS DISTINCT FROM new.content_id;

CREATE OR REPLACE TEMP TABLE changed_series AS
SELECT DISTINCT changed_slice.*, subject_id, measure_id
FROM changed_slice
JOIN coverage ON content_id IN (old_content, new_content)
UNION ALL
SELECT *, 'POPULATION', 'residents' FROM changed_slice WHERE loads = 'population';
