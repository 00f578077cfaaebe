-- IDVA referrals from MARAC are not more than the MARAC cases of the same 12 months (R-REC-03).
SELECT area_code, period_end, format('IDVA referrals from MARAC are {}% of the MARAC cases.', display) AS said
FROM published.rolling_12m
WHERE indicator_id = 'IDVA_MARAC_COV' AND value > 100;
