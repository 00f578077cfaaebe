-- How fresh each declared source is.
CREATE OR REPLACE MACRO freshness_as_of(instant) AS TABLE
WITH last_one AS (
    SELECT *
    FROM submission
    WHERE received_at <= instant
    QUALIFY row_number() OVER (PARTITION BY source ORDER BY received_at DESC, submission_id DESC) = 1
),
held AS (
    SELECT
        slice.source,
        max(coalesce(slice.month, make_date(population.mid_year, 6, 1))) AS latest_month,
        max(slice.vintage) AS vintage,
        bool_or(submission.is_synthetic) AS is_synthetic
    FROM slice_as_of(instant) AS slice
    JOIN submission USING (submission_id)
    LEFT JOIN population USING (content_id)
    GROUP BY slice.source
)
SELECT
    source.source,
    source.title,
    held.latest_month,
    last_one.submission_id AS last_submission,
    last_one.received_at AS last_received_at,
    held.vintage,
    coalesce(last_one.status, 'nothing yet') AS status,
    coalesce(held.is_synthetic, false) AS is_synthetic
FROM source
LEFT JOIN last_one USING (source)
LEFT JOIN held USING (source)
ORDER BY source.source;
