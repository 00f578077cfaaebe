-- The slices that the counts of a series come from, with the submission that brought each first.
WITH counted AS (
    SELECT DISTINCT source, month
    FROM published.monthly_measure
    WHERE area_code = $area_code
        AND subject_id = $subject_id
        AND measure_id = $measure_id
        AND month <= $period_end::DATE
        AND month + to_months(months) > date_trunc('month', $period_end::DATE) - INTERVAL 11 MONTHS
),
-- Records may count in another month than that of their slice.
recorded AS (
    SELECT DISTINCT content_id
    FROM referral_divided_as_of($as_of::TIMESTAMP) AS divided
    SEMI JOIN counted USING (source, month)
    WHERE area_code = $area_code AND service_id = $subject_id AND measure_id = $measure_id
    UNION
    SELECT content_id
    FROM kept_aggregate
    SEMI JOIN counted USING (source, month)
    WHERE area_code = $area_code AND subject_id = $subject_id AND measure_id = $measure_id AND value > 0
)
SELECT
    source, slice_key, slice.month, slice.part, content_id, slice.rows, slice.submission_id,
    content_id IN (SELECT content_id FROM kept_aggregate) AS is_removed
FROM slice_as_of($as_of::TIMESTAMP) AS slice
JOIN source USING (source)
WHERE CASE
    WHEN loads = 'population' THEN $subject_id = 'POPULATION' AND content_id IN (
        SELECT content_id
        FROM population
        WHERE area_code = $area_code AND mid_year = $mid_year AND series = $series AND sex = $sex AND ages = $ages
    )
    ELSE area_code = $area_code
        AND (
            content_id IN (FROM recorded)
            OR (source, slice.month) IN (SELECT (source, month) FROM counted)
            AND content_id IN (SELECT content_id FROM coverage WHERE subject_id = $subject_id AND measure_id = $measure_id)
        )
END
ORDER BY source, slice.month, slice_key;
