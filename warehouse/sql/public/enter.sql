-- A release enters the register.
INSERT INTO release BY NAME FROM new_release;
INSERT INTO released_figure BY NAME
SELECT release_id, indicator_id, area_code, breakdown, breakdown_value, period_end, value_shown, base_shown
FROM new_release CROSS JOIN new_released_figure;
