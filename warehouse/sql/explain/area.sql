-- The code of a published area, which is named by its code or its name.
SELECT area_code
FROM published.dim_area
WHERE upper(area_code) = upper($area) OR lower(area_name) = lower($area);
