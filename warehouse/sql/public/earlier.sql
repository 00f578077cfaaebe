-- What the readers of some policies have already, each figure once for each way in which it was shown. What was withdrawn
-- nobody has.
SELECT DISTINCT
    indicator_id, area_code, breakdown, breakdown_value, period_end, value_shown, base_shown, threshold, rounding
FROM released_figure
JOIN release USING (release_id)
ANTI JOIN withdrawal USING (release_id)
WHERE list_contains($policies::VARCHAR[], policy)
ORDER BY ALL;
