-- Every current referral once for each measure that it counts for and each answer to each breakdown asked for.
CREATE OR REPLACE MACRO referral_divided_as_of(instant) AS TABLE
WITH wanted AS (
    SELECT numerator_subject AS service_id, numerator_measure AS measure_id, unnest(breakdowns) AS breakdown
    FROM dim_indicator
    UNION
    SELECT denominator_subject, denominator_measure, 'all' FROM dim_indicator
),
covered AS (
    FROM referral_coverage_as_of(instant)
),
referral AS (
    SELECT fact.*, slice.source FROM fact_referrals AS fact JOIN slice_as_of(instant) AS slice USING (content_id)
),
counted AS (
    SELECT
        * EXCLUDE (month),
        unnest([
            {'measure_id': 'referrals', 'month': month, 'amount': 1},
            {'measure_id': 'cases', 'month': month, 'amount': is_heard::INTEGER},
            {'measure_id': 'repeats', 'month': month, 'amount': (is_heard AND is_repeat)::INTEGER},
            {'measure_id': 'children', 'month': month, 'amount': is_heard::INTEGER * children_in_household},
            {
                'measure_id': 'cases_with_children', 'month': month,
                'amount': (is_heard AND children_in_household > 0)::INTEGER
            },
            {'measure_id': 'child_to_parent', 'month': month, 'amount': (is_heard AND is_child_to_parent)::INTEGER},
            {'measure_id': 'clares_law', 'month': month, 'amount': (is_heard AND clares_law <> 'NONE')::INTEGER},
            {'measure_id': 'accepted', 'month': month, 'amount': is_accepted::INTEGER},
            {'measure_id': 'engaged', 'month': month, 'amount': is_engaged::INTEGER},
            {'measure_id': 'new_service_users', 'month': month, 'amount': is_new_service_user::INTEGER},
            {'measure_id': 'assessed', 'month': date_trunc('month', assessed_on)::DATE, 'amount': 1},
            {'measure_id': 'started', 'month': date_trunc('month', started_on)::DATE, 'amount': 1},
            {'measure_id': 'completed', 'month': date_trunc('month', completed_on)::DATE, 'amount': 1},
            {'measure_id': 'left_early', 'month': date_trunc('month', left_on)::DATE, 'amount': 1}
        ], recursive := true)
    FROM referral
    UNION ALL BY NAME
    -- A snapshot at the end of each covered month.
    SELECT referral.* EXCLUDE (month), 'active' AS measure_id, covered.month, 1 AS amount
    FROM covered
    JOIN referral
        ON referral.source = covered.source
        AND referral.area_code = covered.area_code
        AND started_on <= last_day(covered.month)
        AND coalesce(least(completed_on, left_on) > last_day(covered.month), true)
    WHERE measure_id = 'active'
),
divided AS (
    SELECT
        content_id, source, area_code, service_id, measure_id, month, amount,
        coalesce(person_pseudonym, referral_id) AS person,
        unnest([
            {'breakdown': 'all', 'breakdown_value': 'all', 'holds': true, 'is_known': true},
            {'breakdown': 'victim_sex', 'breakdown_value': victim_sex, 'holds': true, 'is_known': true},
            {'breakdown': 'victim_age_band', 'breakdown_value': victim_age_band, 'holds': true, 'is_known': true},
            {'breakdown': 'perpetrator_sex', 'breakdown_value': perpetrator_sex, 'holds': true, 'is_known': true},
            {
                'breakdown': 'perpetrator_age_band', 'breakdown_value': perpetrator_age_band, 'holds': true,
                'is_known': true
            },
            {'breakdown': 'referrer', 'breakdown_value': referrer_id, 'holds': true, 'is_known': true},
            {'breakdown': 'client_group', 'breakdown_value': client_group, 'holds': true, 'is_known': true},
            {'breakdown': 'strand', 'breakdown_value': strand, 'holds': true, 'is_known': true},
            {
                'breakdown': 'victim_need', 'breakdown_value': 'MENTAL_HEALTH', 'holds': victim_mental_health,
                'is_known': victim_mental_health IS NOT NULL
            },
            {
                'breakdown': 'victim_need', 'breakdown_value': 'MENTAL_HEALTH_DISABILITY',
                'holds': victim_mental_health_disability, 'is_known': victim_mental_health_disability IS NOT NULL
            },
            {
                'breakdown': 'victim_need', 'breakdown_value': 'ALCOHOL', 'holds': victim_alcohol,
                'is_known': victim_alcohol IS NOT NULL
            },
            {
                'breakdown': 'victim_need', 'breakdown_value': 'DRUGS', 'holds': victim_drugs,
                'is_known': victim_drugs IS NOT NULL
            },
            {
                'breakdown': 'victim_need', 'breakdown_value': 'ALCOHOL_AND_DRUGS',
                'holds': victim_alcohol AND victim_drugs, 'is_known': (victim_alcohol AND victim_drugs) IS NOT NULL
            },
            {
                'breakdown': 'perpetrator_need', 'breakdown_value': 'MENTAL_HEALTH',
                'holds': perpetrator_mental_health, 'is_known': perpetrator_mental_health IS NOT NULL
            },
            {
                'breakdown': 'perpetrator_need', 'breakdown_value': 'ALCOHOL', 'holds': perpetrator_alcohol,
                'is_known': perpetrator_alcohol IS NOT NULL
            },
            {
                'breakdown': 'perpetrator_need', 'breakdown_value': 'DRUGS', 'holds': perpetrator_drugs,
                'is_known': perpetrator_drugs IS NOT NULL
            },
            {
                'breakdown': 'perpetrator_need', 'breakdown_value': 'ALCOHOL_AND_DRUGS',
                'holds': perpetrator_alcohol AND perpetrator_drugs,
                'is_known': (perpetrator_alcohol AND perpetrator_drugs) IS NOT NULL
            }
        ], recursive := true)
    FROM counted
    WHERE amount > 0 AND month IS NOT NULL
)
SELECT * REPLACE (
    coalesce(breakdown_value, 'NOT_KNOWN') AS breakdown_value,
    is_known AND coalesce(breakdown_value, 'NOT_KNOWN') <> 'NOT_KNOWN' AS is_known
),
    -- A record stands in one value of a breakdown, and in several of its needs: each of those has a base of its own.
    CASE WHEN breakdown LIKE '%_need' THEN breakdown_value ELSE '' END AS base_of
FROM divided
SEMI JOIN wanted USING (service_id, measure_id, breakdown)
-- A need that nobody asked about is not a need that nobody has.
WHERE is_known OR breakdown NOT LIKE '%_need';
