-- A record stands in one value of a breakdown, and in several of its needs: each of those has a base of its own.
CREATE OR REPLACE MACRO base_of(breakdown, breakdown_value) AS (
    CASE WHEN breakdown LIKE '%_need' THEN breakdown_value ELSE '' END
);

-- The breakdowns by which an indicator asks for counts of records.
CREATE OR REPLACE MACRO referral_breakdowns() AS TABLE
SELECT numerator_subject AS service_id, numerator_measure AS measure_id, unnest(breakdowns) AS breakdown
FROM dim_indicator
UNION
SELECT denominator_subject, denominator_measure, 'all' FROM dim_indicator;

-- Every referral once for each measure that it counts for and each answer to each breakdown asked for. `referrals` names a
-- table of facts with their source, `covered` one of the months for which each source says who is active.
CREATE OR REPLACE MACRO referral_divided_of(referrals, covered) AS TABLE
WITH counted AS (
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
    FROM query_table(referrals)
    UNION ALL BY NAME
    -- A snapshot at the end of each covered month.
    SELECT referral.* EXCLUDE (month), 'active' AS measure_id, told.month, 1 AS amount
    FROM query_table(covered) AS told
    JOIN query_table(referrals) AS referral
        ON referral.source = told.source
        AND referral.area_code = told.area_code
        AND started_on <= last_day(told.month)
        AND coalesce(least(completed_on, left_on) > last_day(told.month), true)
    WHERE measure_id = 'active'
),
divided AS (
    SELECT
        content_id, source, area_code, service_id, measure_id, month, amount,
        coalesce(person_pseudonym, referral_id) AS person,
        breakdown,
        unnest(CASE breakdown
            WHEN 'all' THEN [{'breakdown_value': 'all', 'holds': true}]
            WHEN 'victim_sex' THEN [{'breakdown_value': victim_sex, 'holds': true}]
            WHEN 'victim_age_band' THEN [{'breakdown_value': victim_age_band, 'holds': true}]
            WHEN 'perpetrator_sex' THEN [{'breakdown_value': perpetrator_sex, 'holds': true}]
            WHEN 'perpetrator_age_band' THEN [{'breakdown_value': perpetrator_age_band, 'holds': true}]
            WHEN 'referrer' THEN [{'breakdown_value': referrer_id, 'holds': true}]
            WHEN 'client_group' THEN [{'breakdown_value': client_group, 'holds': true}]
            WHEN 'strand' THEN [{'breakdown_value': strand, 'holds': true}]
            WHEN 'victim_need' THEN [
                {'breakdown_value': 'MENTAL_HEALTH', 'holds': victim_mental_health},
                {'breakdown_value': 'MENTAL_HEALTH_DISABILITY', 'holds': victim_mental_health_disability},
                {'breakdown_value': 'ALCOHOL', 'holds': victim_alcohol},
                {'breakdown_value': 'DRUGS', 'holds': victim_drugs},
                {'breakdown_value': 'ALCOHOL_AND_DRUGS', 'holds': victim_alcohol AND victim_drugs}
            ]
            WHEN 'perpetrator_need' THEN [
                {'breakdown_value': 'MENTAL_HEALTH', 'holds': perpetrator_mental_health},
                {'breakdown_value': 'ALCOHOL', 'holds': perpetrator_alcohol},
                {'breakdown_value': 'DRUGS', 'holds': perpetrator_drugs},
                {'breakdown_value': 'ALCOHOL_AND_DRUGS', 'holds': perpetrator_alcohol AND perpetrator_drugs}
            ]
        END, recursive := true)
    FROM counted
    JOIN referral_breakdowns() AS wanted USING (service_id, measure_id)
    WHERE amount > 0 AND month IS NOT NULL
)
SELECT
    * REPLACE (coalesce(breakdown_value, 'NOT_KNOWN') AS breakdown_value),
    coalesce(breakdown_value, 'NOT_KNOWN') <> 'NOT_KNOWN' AS is_known,
    base_of(breakdown, breakdown_value) AS base_of
FROM divided
-- A need that nobody asked about is not a need that nobody has.
WHERE holds IS NOT NULL;

-- The same of every current referral that is counted from its record: contents of which records were removed are not.
CREATE OR REPLACE MACRO referral_divided_as_of(instant) AS TABLE
WITH covered AS (
    FROM referral_coverage_as_of(instant)
),
referral AS (
    SELECT fact.*, slice.source
    FROM fact_referrals AS fact
    JOIN slice_as_of(instant) AS slice USING (content_id)
    ANTI JOIN kept_aggregate USING (content_id)
)
FROM referral_divided_of('referral', 'covered');
