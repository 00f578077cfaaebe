-- Dimensions: every one has an "unknown" and a "not applicable" member.
CREATE TABLE IF NOT EXISTS dim_period (
    month DATE PRIMARY KEY,
    month_key INTEGER NOT NULL,
    month_end DATE NOT NULL,
    financial_year VARCHAR NOT NULL,
    financial_quarter VARCHAR NOT NULL,
    rolling_label VARCHAR NOT NULL
);
COMMENT ON TABLE dim_period IS 'One calendar month; the spine of every window. 1900-01 is unknown, 1900-02 not applicable.';
COMMENT ON COLUMN dim_period.month IS 'First day of the month.';
COMMENT ON COLUMN dim_period.month_key IS 'YYYYMM; -1 unknown, -2 not applicable.';
COMMENT ON COLUMN dim_period.month_end IS 'Last day of the month.';
COMMENT ON COLUMN dim_period.financial_year IS 'April to March, such as 2019/20.';
COMMENT ON COLUMN dim_period.financial_quarter IS 'Q1 is April to June, such as 2019/20 Q1.';
COMMENT ON COLUMN dim_period.rolling_label IS 'Name of the window that ends with the month, such as 12 months to March 2020.';

CREATE TABLE IF NOT EXISTS dim_agency (
    agency_id VARCHAR NOT NULL,
    agency_name VARCHAR NOT NULL,
    agency_type VARCHAR NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    PRIMARY KEY (agency_id, valid_from)
);
COMMENT ON TABLE dim_agency IS 'One version of an agency that supplies or refers.';
COMMENT ON COLUMN dim_agency.agency_id IS 'Code of the agency.';
COMMENT ON COLUMN dim_agency.agency_name IS 'Name of the agency in this version.';
COMMENT ON COLUMN dim_agency.agency_type IS 'Police, provider, council, statistics and so on.';
COMMENT ON COLUMN dim_agency.valid_from IS 'First day of this version.';
COMMENT ON COLUMN dim_agency.valid_to IS 'Last day of this version; empty while it holds.';

CREATE TABLE IF NOT EXISTS dim_area (
    area_code VARCHAR PRIMARY KEY,
    area_name VARCHAR NOT NULL,
    area_type VARCHAR NOT NULL,
    police_force VARCHAR NOT NULL
);
COMMENT ON TABLE dim_area IS 'One area.';
COMMENT ON COLUMN dim_area.area_code IS 'GSS code.';
COMMENT ON COLUMN dim_area.area_name IS 'Name of the area.';
COMMENT ON COLUMN dim_area.area_type IS 'Borough or region.';
COMMENT ON COLUMN dim_area.police_force IS 'The force that polices it; ranks run among the boroughs of the Metropolitan Police.';

CREATE TABLE IF NOT EXISTS dim_offence (
    offence_id VARCHAR PRIMARY KEY,
    offence_name VARCHAR NOT NULL,
    parent_offence_id VARCHAR NOT NULL,
    is_notifiable BOOLEAN,
    definition VARCHAR NOT NULL
);
COMMENT ON TABLE dim_offence IS 'What the police count. Violence with injury lies within offences, offences within incidents: never add them.';
COMMENT ON COLUMN dim_offence.offence_id IS 'Code of the concept.';
COMMENT ON COLUMN dim_offence.offence_name IS 'Name of the concept.';
COMMENT ON COLUMN dim_offence.parent_offence_id IS 'The concept that contains this one.';
COMMENT ON COLUMN dim_offence.is_notifiable IS 'Whether it is a notifiable offence under the Home Office counting rules.';
COMMENT ON COLUMN dim_offence.definition IS 'What is counted.';

CREATE TABLE IF NOT EXISTS dim_service (
    service_id VARCHAR PRIMARY KEY,
    service_name VARCHAR NOT NULL,
    objective INTEGER
);
COMMENT ON TABLE dim_service IS 'One service of the partnership.';
COMMENT ON COLUMN dim_service.service_id IS 'Code of the service.';
COMMENT ON COLUMN dim_service.service_name IS 'Name of the service.';
COMMENT ON COLUMN dim_service.objective IS 'Priority of the strategy: 1 prevent, 2 victims, 3 perpetrators, 4 joint working.';

CREATE TABLE IF NOT EXISTS dim_measure (
    measure_id VARCHAR PRIMARY KEY,
    measure_name VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    additivity VARCHAR NOT NULL,
    definition VARCHAR NOT NULL,
    counted_from VARCHAR
);
-- A table of version 0.1 counts no records.
ALTER TABLE dim_measure ADD COLUMN IF NOT EXISTS counted_from VARCHAR;
COMMENT ON TABLE dim_measure IS 'How something is counted.';
COMMENT ON COLUMN dim_measure.measure_id IS 'Code of the measure.';
COMMENT ON COLUMN dim_measure.measure_name IS 'Name of the measure.';
COMMENT ON COLUMN dim_measure.unit IS 'What one of it is.';
COMMENT ON COLUMN dim_measure.additivity IS 'How months make a window: a flow adds, a snapshot takes the last value, distinct is counted again.';
COMMENT ON COLUMN dim_measure.definition IS 'What is counted.';
COMMENT ON COLUMN dim_measure.counted_from IS 'The column of fact_referrals that it rests on, where it counts records.';

-- Made anew, since nothing but declarations is in it.
DROP TABLE IF EXISTS dim_indicator;
CREATE TABLE dim_indicator (
    indicator_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    numerator_subject VARCHAR NOT NULL,
    numerator_measure VARCHAR NOT NULL,
    breakdowns VARCHAR[] NOT NULL,
    only_values VARCHAR[],
    denominator_subject VARCHAR,
    denominator_measure VARCHAR,
    denominator_breakdown VARCHAR NOT NULL,
    denominator_constant INTEGER,
    denominator_days BOOLEAN NOT NULL,
    least_base INTEGER NOT NULL,
    population_series VARCHAR,
    population_sex VARCHAR NOT NULL,
    population_ages VARCHAR NOT NULL,
    presents VARCHAR NOT NULL,
    scale INTEGER NOT NULL,
    unit VARCHAR NOT NULL,
    polarity VARCHAR NOT NULL,
    objective INTEGER,
    places INTEGER NOT NULL,
    disclosure VARCHAR NOT NULL DEFAULT 'never',
    definition VARCHAR NOT NULL,
    definition_source VARCHAR NOT NULL
);
COMMENT ON TABLE dim_indicator IS 'One indicator, declared as data in warehouse/indicators.toml.';
COMMENT ON COLUMN dim_indicator.indicator_id IS 'Code of the indicator.';
COMMENT ON COLUMN dim_indicator.name IS 'Name of the indicator.';
COMMENT ON COLUMN dim_indicator.numerator_subject IS 'What the numerator counts: an offence or a service.';
COMMENT ON COLUMN dim_indicator.numerator_measure IS 'How the numerator counts it.';
COMMENT ON COLUMN dim_indicator.breakdowns IS 'What it is shown by; all is the undivided figure.';
COMMENT ON COLUMN dim_indicator.only_values IS 'The breakdown values that it is shown for; empty where it is for all.';
COMMENT ON COLUMN dim_indicator.denominator_subject IS 'What the denominator counts, where it is a measure.';
COMMENT ON COLUMN dim_indicator.denominator_measure IS 'How the denominator counts it, where it is a measure.';
COMMENT ON COLUMN dim_indicator.denominator_breakdown IS 'Which figure of it: all the undivided one, same the one of the same breakdown value, known those whose answer is known.';
COMMENT ON COLUMN dim_indicator.denominator_constant IS 'What the numerator is divided by, where it is a fixed number.';
COMMENT ON COLUMN dim_indicator.denominator_days IS 'Whether it is divided by the days of the window.';
COMMENT ON COLUMN dim_indicator.least_base IS 'The smallest denominator of which it is shown.';
COMMENT ON COLUMN dim_indicator.population_series IS 'How the name of the population series begins, where the denominator is residents.';
COMMENT ON COLUMN dim_indicator.population_sex IS 'Their sex.';
COMMENT ON COLUMN dim_indicator.population_ages IS 'Their ages.';
COMMENT ON COLUMN dim_indicator.presents IS 'What the value is: the level itself, its change on the year before, or its rank.';
COMMENT ON COLUMN dim_indicator.scale IS 'What the ratio is multiplied by: 100 for a percentage, 1000 for a rate per 1,000.';
COMMENT ON COLUMN dim_indicator.unit IS 'Unit of the value.';
COMMENT ON COLUMN dim_indicator.polarity IS 'Whether higher is better: up, down, or context only.';
COMMENT ON COLUMN dim_indicator.objective IS 'Priority of the strategy: 1 prevent, 2 victims, 3 perpetrators, 4 joint working.';
COMMENT ON COLUMN dim_indicator.places IS 'Decimal places of the display, rounded half up.';
COMMENT ON COLUMN dim_indicator.disclosure IS 'How it may leave the partnership: open, counts, characteristics, or never.';
COMMENT ON COLUMN dim_indicator.definition IS 'What the indicator says.';
COMMENT ON COLUMN dim_indicator.definition_source IS 'Where the definition comes from: paper and paragraph, or publisher.';
