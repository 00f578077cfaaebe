-- Facts point at members of the dimensions; there are no foreign keys, so it is looked up here.
SELECT area_code, offence_id, measure_id, month
FROM fact_offences
WHERE area_code NOT IN (SELECT area_code FROM dim_area)
    OR offence_id NOT IN (SELECT offence_id FROM dim_offence)
    OR measure_id NOT IN (SELECT measure_id FROM dim_measure)
    OR month NOT IN (SELECT month FROM dim_period);
