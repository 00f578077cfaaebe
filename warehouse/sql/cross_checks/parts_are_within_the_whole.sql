-- What is a part of something else is never more than it, over the same 12 months (R-C03, R-C05).
SELECT
    part.area_code,
    part.period_end,
    format(
        '{} ({}) is more than {} ({}), which contains it.',
        part.indicator_name, part.display, whole.indicator_name, whole.display
    ) AS said
FROM (VALUES
    ('DA_OFF_R12', 'DA_INC_R12'),
    ('DA_VWI_R12', 'DA_OFF_R12'),
    ('DA_VWI_SD_R12', 'DA_VWI_R12'),
    ('MARAC_FAM_CH', 'MARAC_REF'),
    ('MARAC_CPV', 'MARAC_REF'),
    ('MARAC_CLARES', 'MARAC_REF'),
    ('IDVA_NEW', 'IDVA_REF'),
    ('PERP_ASSESSED', 'PERP_REF'),
    ('PERP_STARTED', 'PERP_ASSESSED'),
    ('PERP_COMPLETED', 'PERP_STARTED')
) AS pairs (part_id, whole_id)
JOIN published.rolling_12m AS part ON part.indicator_id = part_id AND part.breakdown = 'all'
JOIN published.rolling_12m AS whole
    ON whole.indicator_id = whole_id
    AND whole.breakdown = 'all'
    AND whole.area_code = part.area_code
    AND whole.period_end = part.period_end
WHERE part.value > whole.value;
