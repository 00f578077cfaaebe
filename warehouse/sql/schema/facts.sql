-- Facts are append-only; a row belongs to a slice's content, and a slice points at the content that is current.
CREATE TABLE IF NOT EXISTS fact_offences (
    content_id VARCHAR NOT NULL,
    area_code VARCHAR NOT NULL,
    month DATE NOT NULL,
    offence_id VARCHAR NOT NULL,
    measure_id VARCHAR NOT NULL,
    value BIGINT NOT NULL
);
COMMENT ON TABLE fact_offences IS 'Police figures: area x month x offence x measure, every version ever accepted. A zero has no row: see coverage.';
COMMENT ON COLUMN fact_offences.content_id IS 'The slice content that the row belongs to.';
COMMENT ON COLUMN fact_offences.area_code IS 'The area, as in dim_area.';
COMMENT ON COLUMN fact_offences.month IS 'First day of the month of recording, as in dim_period.';
COMMENT ON COLUMN fact_offences.offence_id IS 'What is counted, as in dim_offence.';
COMMENT ON COLUMN fact_offences.measure_id IS 'How it is counted, as in dim_measure.';
COMMENT ON COLUMN fact_offences.value IS 'The count.';

CREATE TABLE IF NOT EXISTS fact_referrals (
    content_id VARCHAR NOT NULL,
    referral_id VARCHAR NOT NULL,
    service_id VARCHAR NOT NULL,
    area_code VARCHAR NOT NULL,
    month DATE NOT NULL,
    supplier_id VARCHAR NOT NULL,
    referrer_id VARCHAR,
    referred_on DATE,
    met_on DATE,
    person_pseudonym VARCHAR,
    household_pseudonym VARCHAR,
    earlier_referral_id VARCHAR,
    is_heard BOOLEAN,
    is_accepted BOOLEAN,
    is_engaged BOOLEAN,
    is_new_service_user BOOLEAN,
    is_repeat BOOLEAN,
    repeat_definition VARCHAR,
    risk VARCHAR,
    victim_sex VARCHAR,
    victim_age_band VARCHAR,
    victim_ethnic_group VARCHAR,
    victim_is_disabled BOOLEAN,
    victim_is_lgbt BOOLEAN,
    perpetrator_sex VARCHAR,
    perpetrator_age_band VARCHAR,
    children_in_household INTEGER,
    victim_mental_health BOOLEAN,
    victim_mental_health_disability BOOLEAN,
    victim_alcohol BOOLEAN,
    victim_drugs BOOLEAN,
    perpetrator_mental_health BOOLEAN,
    perpetrator_alcohol BOOLEAN,
    perpetrator_drugs BOOLEAN,
    is_child_to_parent BOOLEAN,
    is_perpetrator_under_18 BOOLEAN,
    clares_law VARCHAR,
    client_group VARCHAR,
    strand VARCHAR,
    is_suitable BOOLEAN,
    is_partner_supported BOOLEAN,
    opened_on DATE,
    closed_on DATE,
    assessed_on DATE,
    started_on DATE,
    completed_on DATE,
    left_on DATE,
    left_reason VARCHAR
);
COMMENT ON TABLE fact_referrals IS 'One pseudonymised referral to one service. Never made from counts.';
COMMENT ON COLUMN fact_referrals.content_id IS 'The slice content that the row belongs to.';
COMMENT ON COLUMN fact_referrals.referral_id IS 'Pseudonym of the referral, keyed per supplier.';
COMMENT ON COLUMN fact_referrals.service_id IS 'The service, as in dim_service.';
COMMENT ON COLUMN fact_referrals.area_code IS 'The area, as in dim_area.';
COMMENT ON COLUMN fact_referrals.month IS 'First day of the month that the referral counts in.';
COMMENT ON COLUMN fact_referrals.supplier_id IS 'Who reports it, as in dim_agency.';
COMMENT ON COLUMN fact_referrals.referrer_id IS 'Who referred, as in dim_agency.';
COMMENT ON COLUMN fact_referrals.referred_on IS 'Date of the referral.';
COMMENT ON COLUMN fact_referrals.met_on IS 'Date of the meeting that heard it.';
COMMENT ON COLUMN fact_referrals.person_pseudonym IS 'Pseudonym of the person, keyed per supplier.';
COMMENT ON COLUMN fact_referrals.household_pseudonym IS 'Pseudonym of the household, keyed per supplier.';
COMMENT ON COLUMN fact_referrals.earlier_referral_id IS 'Pseudonym of the referral that this one repeats.';
COMMENT ON COLUMN fact_referrals.is_heard IS 'Whether the case was heard at a meeting; false where it was screened out.';
COMMENT ON COLUMN fact_referrals.is_accepted IS 'Whether the service accepted the referral.';
COMMENT ON COLUMN fact_referrals.is_engaged IS 'Whether the service user engaged.';
COMMENT ON COLUMN fact_referrals.is_new_service_user IS 'Whether the person is new to the service in the financial year of the referral.';
COMMENT ON COLUMN fact_referrals.is_repeat IS 'Whether the supplier calls it a repeat.';
COMMENT ON COLUMN fact_referrals.repeat_definition IS 'By which definition: v1 a further incident that would be criminal, v2 any instance of abuse, within 12 months.';
COMMENT ON COLUMN fact_referrals.risk IS 'Risk level at referral.';
COMMENT ON COLUMN fact_referrals.victim_sex IS 'Sex of the victim.';
COMMENT ON COLUMN fact_referrals.victim_age_band IS 'Age band of the victim at referral.';
COMMENT ON COLUMN fact_referrals.victim_ethnic_group IS 'Ethnic group of the victim, as in the census.';
COMMENT ON COLUMN fact_referrals.victim_is_disabled IS 'Whether the victim is disabled.';
COMMENT ON COLUMN fact_referrals.victim_is_lgbt IS 'Whether the victim is LGBT+.';
COMMENT ON COLUMN fact_referrals.perpetrator_sex IS 'Sex of the alleged perpetrator.';
COMMENT ON COLUMN fact_referrals.perpetrator_age_band IS 'Age band of the alleged perpetrator at referral.';
COMMENT ON COLUMN fact_referrals.children_in_household IS 'Children in the household.';
COMMENT ON COLUMN fact_referrals.victim_mental_health IS 'Victim: mental health issues.';
COMMENT ON COLUMN fact_referrals.victim_mental_health_disability IS 'Victim: mental health disability.';
COMMENT ON COLUMN fact_referrals.victim_alcohol IS 'Victim: alcohol misuse.';
COMMENT ON COLUMN fact_referrals.victim_drugs IS 'Victim: drug misuse.';
COMMENT ON COLUMN fact_referrals.perpetrator_mental_health IS 'Alleged perpetrator: mental health issues.';
COMMENT ON COLUMN fact_referrals.perpetrator_alcohol IS 'Alleged perpetrator: alcohol misuse.';
COMMENT ON COLUMN fact_referrals.perpetrator_drugs IS 'Alleged perpetrator: drug misuse.';
COMMENT ON COLUMN fact_referrals.is_child_to_parent IS 'Whether it is child-to-parent violence.';
COMMENT ON COLUMN fact_referrals.is_perpetrator_under_18 IS 'Whether the alleged perpetrator is under 18.';
COMMENT ON COLUMN fact_referrals.clares_law IS 'Request under the Domestic Violence Disclosure Scheme: NONE, REQUESTED or DISCLOSED.';
COMMENT ON COLUMN fact_referrals.client_group IS 'Client group of the perpetrator programme.';
COMMENT ON COLUMN fact_referrals.strand IS 'Strand of the perpetrator programme.';
COMMENT ON COLUMN fact_referrals.is_suitable IS 'Whether the assessment found the person suitable.';
COMMENT ON COLUMN fact_referrals.is_partner_supported IS 'Whether the partner took up support.';
COMMENT ON COLUMN fact_referrals.opened_on IS 'Date on which the case was opened.';
COMMENT ON COLUMN fact_referrals.closed_on IS 'Date on which the case was closed.';
COMMENT ON COLUMN fact_referrals.assessed_on IS 'Date of the assessment.';
COMMENT ON COLUMN fact_referrals.started_on IS 'Date of the start.';
COMMENT ON COLUMN fact_referrals.completed_on IS 'Date of completion.';
COMMENT ON COLUMN fact_referrals.left_on IS 'Date of leaving early.';
COMMENT ON COLUMN fact_referrals.left_reason IS 'Why it was left early.';

CREATE TABLE IF NOT EXISTS fact_return_counts (
    content_id VARCHAR NOT NULL,
    service_id VARCHAR NOT NULL,
    supplier_id VARCHAR NOT NULL,
    area_code VARCHAR NOT NULL,
    measure_id VARCHAR NOT NULL,
    period_start DATE NOT NULL,
    period_end DATE NOT NULL,
    breakdown VARCHAR NOT NULL,
    breakdown_value VARCHAR NOT NULL,
    value BIGINT
);
COMMENT ON TABLE fact_return_counts IS 'Counts of returns: service x supplier x measure x period x one breakdown value, of each slice. Breakdowns are never crossed.';
COMMENT ON COLUMN fact_return_counts.content_id IS 'The slice content that the row belongs to.';
COMMENT ON COLUMN fact_return_counts.service_id IS 'The service, as in dim_service.';
COMMENT ON COLUMN fact_return_counts.supplier_id IS 'Who reports it, as in dim_agency.';
COMMENT ON COLUMN fact_return_counts.area_code IS 'The area, as in dim_area.';
COMMENT ON COLUMN fact_return_counts.measure_id IS 'How it is counted, as in dim_measure.';
COMMENT ON COLUMN fact_return_counts.period_start IS 'First day of the period that the return states.';
COMMENT ON COLUMN fact_return_counts.period_end IS 'Last day of the period that the return states.';
COMMENT ON COLUMN fact_return_counts.breakdown IS 'What the value is broken down by, such as sex; all where it is not.';
COMMENT ON COLUMN fact_return_counts.breakdown_value IS 'The one value of the breakdown; all where the figure is undivided.';
COMMENT ON COLUMN fact_return_counts.value IS 'The count; empty where it was suppressed.';

CREATE TABLE IF NOT EXISTS kept_aggregate (
    content_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    area_code VARCHAR NOT NULL,
    month DATE NOT NULL,
    months INTEGER NOT NULL,
    subject_id VARCHAR NOT NULL,
    measure_id VARCHAR NOT NULL,
    breakdown VARCHAR NOT NULL,
    breakdown_value VARCHAR NOT NULL,
    value BIGINT,
    base BIGINT
);
COMMENT ON TABLE kept_aggregate IS 'What the contents count of which rows about people were removed: such a content is read from here, not from fact_referrals.';
COMMENT ON COLUMN kept_aggregate.content_id IS 'The slice content whose records were counted, before anything of it was removed.';
COMMENT ON COLUMN kept_aggregate.source IS 'The source.';
COMMENT ON COLUMN kept_aggregate.area_code IS 'The area, as in dim_area.';
COMMENT ON COLUMN kept_aggregate.month IS 'First day of the month in which they count: that of the slice, or a later one in which an episode began, ended or went on.';
COMMENT ON COLUMN kept_aggregate.months IS 'How many months the period has.';
COMMENT ON COLUMN kept_aggregate.subject_id IS 'The service that is counted, as in dim_service.';
COMMENT ON COLUMN kept_aggregate.measure_id IS 'How it is counted, as in dim_measure.';
COMMENT ON COLUMN kept_aggregate.breakdown IS 'What the value is broken down by, such as sex; total where it is not.';
COMMENT ON COLUMN kept_aggregate.breakdown_value IS 'The one value of the breakdown.';
COMMENT ON COLUMN kept_aggregate.value IS 'The count; a 0 says that the breakdown was counted at all.';
COMMENT ON COLUMN kept_aggregate.base IS 'How many of these have a known answer to the breakdown; of a need, how many were asked about it.';
