-- The figures: computed by refresh, straight into the new published database.
CREATE TABLE published.monthly_measure (
    area_code VARCHAR NOT NULL,
    month DATE NOT NULL,
    subject_id VARCHAR NOT NULL,
    measure_id VARCHAR NOT NULL,
    breakdown VARCHAR NOT NULL,
    breakdown_value VARCHAR NOT NULL,
    months INTEGER NOT NULL,
    value BIGINT,
    source VARCHAR NOT NULL,
    submission_id VARCHAR NOT NULL
);
COMMENT ON TABLE published.monthly_measure IS 'Every covered period of every series, zeros included; from the source that takes precedence.';
COMMENT ON COLUMN published.monthly_measure.area_code IS 'The area, as in dim_area.';
COMMENT ON COLUMN published.monthly_measure.month IS 'First day of the period, as in dim_period.';
COMMENT ON COLUMN published.monthly_measure.months IS 'How many months the period has: 1, or 3 for a quarterly return.';
COMMENT ON COLUMN published.monthly_measure.breakdown IS 'What the count is divided by; all where it is not.';
COMMENT ON COLUMN published.monthly_measure.breakdown_value IS 'The value of the breakdown; all where it is not divided.';
COMMENT ON COLUMN published.monthly_measure.subject_id IS 'What is counted: an offence or a service.';
COMMENT ON COLUMN published.monthly_measure.measure_id IS 'How it is counted, as in dim_measure.';
COMMENT ON COLUMN published.monthly_measure.value IS 'The count; 0 where the period is covered and has no row, empty where it was withheld.';
COMMENT ON COLUMN published.monthly_measure.source IS 'The source that it is read from; submission for what is counted of the returns themselves.';
COMMENT ON COLUMN published.monthly_measure.submission_id IS 'The submission that it comes from, or those of its parts.';

CREATE TABLE published.rolling_12m (
    indicator_id VARCHAR NOT NULL,
    indicator_name VARCHAR NOT NULL,
    area_code VARCHAR NOT NULL,
    area_name VARCHAR NOT NULL,
    breakdown VARCHAR NOT NULL,
    breakdown_value VARCHAR NOT NULL,
    period_end DATE NOT NULL,
    numerator BIGINT,
    denominator BIGINT,
    value DOUBLE,
    display VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    months_covered INTEGER NOT NULL,
    reason VARCHAR,
    prior_value DOUBLE,
    prior_display VARCHAR NOT NULL,
    prior_published DOUBLE,
    change DOUBLE,
    change_display VARCHAR NOT NULL,
    change_unit VARCHAR NOT NULL,
    change_reason VARCHAR,
    rank INTEGER,
    rank_of INTEGER,
    flags VARCHAR[] NOT NULL,
    change_flags VARCHAR[] NOT NULL,
    polarity VARCHAR NOT NULL,
    objective INTEGER,
    population_series VARCHAR,
    population_mid_year INTEGER,
    definition VARCHAR NOT NULL,
    is_synthetic BOOLEAN NOT NULL,
    source_submission VARCHAR[] NOT NULL,
    run_id VARCHAR NOT NULL
);
COMMENT ON TABLE published.rolling_12m IS 'Rolling 12-month figures: one row for every indicator, area, breakdown value and month between the first and the last covered one.';
COMMENT ON COLUMN published.rolling_12m.indicator_id IS 'The indicator, as in dim_indicator.';
COMMENT ON COLUMN published.rolling_12m.indicator_name IS 'Name of the indicator.';
COMMENT ON COLUMN published.rolling_12m.area_code IS 'The area, as in dim_area.';
COMMENT ON COLUMN published.rolling_12m.area_name IS 'Name of the area.';
COMMENT ON COLUMN published.rolling_12m.breakdown IS 'What the figure is divided by, such as victim_sex; all where it is not.';
COMMENT ON COLUMN published.rolling_12m.breakdown_value IS 'The value of the breakdown, such as F; all where it is not divided.';
COMMENT ON COLUMN published.rolling_12m.period_end IS 'Last day of the 12 months.';
COMMENT ON COLUMN published.rolling_12m.numerator IS 'Exact numerator; empty where the window is incomplete.';
COMMENT ON COLUMN published.rolling_12m.denominator IS 'Exact denominator; empty where there is none or the window is incomplete.';
COMMENT ON COLUMN published.rolling_12m.value IS 'Exact value; empty where it is not known, for the reason beside it.';
COMMENT ON COLUMN published.rolling_12m.display IS 'The value rounded half up, once; [x] where it is not known.';
COMMENT ON COLUMN published.rolling_12m.unit IS 'count, %, per 1,000, per 10,000 or rank.';
COMMENT ON COLUMN published.rolling_12m.months_covered IS 'How many of the 12 months are covered (of numerator and denominator, the smaller number).';
COMMENT ON COLUMN published.rolling_12m.reason IS 'Why the value is empty.';
COMMENT ON COLUMN published.rolling_12m.prior_value IS 'Value of the window that ends 12 months earlier.';
COMMENT ON COLUMN published.rolling_12m.prior_display IS 'The prior value rounded half up; [x] where it is not known.';
COMMENT ON COLUMN published.rolling_12m.prior_published IS 'The prior value as it was first published; prior_value is as restated since.';
COMMENT ON COLUMN published.rolling_12m.change IS 'Change on the prior value, in change_unit; empty for the reason beside it.';
COMMENT ON COLUMN published.rolling_12m.change_display IS 'The change to one decimal place with its sign; [x] where it is not known, [b] where a break forbids it.';
COMMENT ON COLUMN published.rolling_12m.change_unit IS '% for counts and rates, pp (percentage points) for percentages.';
COMMENT ON COLUMN published.rolling_12m.change_reason IS 'Why the change is empty.';
COMMENT ON COLUMN published.rolling_12m.rank IS '1 is the lowest of the boroughs of the Metropolitan Police; only for ratios, and only when all are covered.';
COMMENT ON COLUMN published.rolling_12m.rank_of IS 'How many areas are ranked.';
COMMENT ON COLUMN published.rolling_12m.flags IS 'p provisional (ends in the latest 3 months), r revised since it was first published, h a restatement of it is held back, b spans a series break, x not available.';
COMMENT ON COLUMN published.rolling_12m.change_flags IS 'b a series break lies between the two windows, x not available.';
COMMENT ON COLUMN published.rolling_12m.polarity IS 'Whether higher is better: up, down, or context only.';
COMMENT ON COLUMN published.rolling_12m.objective IS 'Priority of the strategy: 1 prevent, 2 victims, 3 perpetrators, 4 joint working.';
COMMENT ON COLUMN published.rolling_12m.population_series IS 'The population series of a rate.';
COMMENT ON COLUMN published.rolling_12m.population_mid_year IS 'The mid-year of a rate: the latest on or before the end of the window.';
COMMENT ON COLUMN published.rolling_12m.definition IS 'What the figure says, with its source.';
COMMENT ON COLUMN published.rolling_12m.is_synthetic IS 'Whether a file behind it says that its figures are invented.';
COMMENT ON COLUMN published.rolling_12m.source_submission IS 'The submissions behind it.';
COMMENT ON COLUMN published.rolling_12m.run_id IS 'The run that computed it.';

CREATE TABLE published.freshness (
    source VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    latest_month DATE,
    last_submission VARCHAR,
    last_received_at TIMESTAMP,
    vintage DATE,
    status VARCHAR NOT NULL,
    is_synthetic BOOLEAN NOT NULL
);
COMMENT ON TABLE published.freshness IS 'How fresh each source is.';
COMMENT ON COLUMN published.freshness.source IS 'Name of the source.';
COMMENT ON COLUMN published.freshness.title IS 'What people call it.';
COMMENT ON COLUMN published.freshness.latest_month IS 'Latest month that it covers (population: its latest mid-year).';
COMMENT ON COLUMN published.freshness.last_submission IS 'The submission received last.';
COMMENT ON COLUMN published.freshness.last_received_at IS 'When that was, UTC.';
COMMENT ON COLUMN published.freshness.vintage IS 'The publisher''s latest refresh date among its accepted files.';
COMMENT ON COLUMN published.freshness.status IS 'What became of the last submission: accepted, unchanged, rejected, or nothing yet.';
COMMENT ON COLUMN published.freshness.is_synthetic IS 'Whether it holds invented figures.';

CREATE TABLE published.status (
    source VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    supplier_id VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    latest_month DATE,
    received_at TIMESTAMP,
    revision INTEGER,
    last_verdict VARCHAR,
    awaited_period VARCHAR,
    awaited_month DATE,
    due_on DATE,
    late_by INTEGER NOT NULL,
    missing INTEGER NOT NULL,
    next_run VARCHAR NOT NULL,
    is_synthetic BOOLEAN NOT NULL
);
COMMENT ON TABLE published.status IS 'What is expected, received and late on the day of publication: a source, or a part of one that reports for itself.';
COMMENT ON COLUMN published.status.source IS 'Name of the source.';
COMMENT ON COLUMN published.status.part IS 'The part that reports for itself, such as a refuge; empty where the source is the whole.';
COMMENT ON COLUMN published.status.title IS 'What people call the source, and the part.';
COMMENT ON COLUMN published.status.supplier_id IS 'Who sends it, as in dim_agency.';
COMMENT ON COLUMN published.status.state IS 'in; not in yet (its period is over, and it is not late); late (from the first working day after it was due); overdue (from the fifth); nothing yet.';
COMMENT ON COLUMN published.status.latest_month IS 'Latest month that is held (population: its latest mid-year).';
COMMENT ON COLUMN published.status.received_at IS 'When that was received, UTC.';
COMMENT ON COLUMN published.status.revision IS 'Its revision.';
COMMENT ON COLUMN published.status.last_verdict IS 'What became of the last file of the source: accepted, unchanged or rejected.';
COMMENT ON COLUMN published.status.awaited_period IS 'The earliest period that has not come, past or to come; empty where no date is declared.';
COMMENT ON COLUMN published.status.awaited_month IS 'Its first month.';
COMMENT ON COLUMN published.status.due_on IS 'The day by which it is due.';
COMMENT ON COLUMN published.status.late_by IS 'By how many working days of England it is late.';
COMMENT ON COLUMN published.status.missing IS 'How many returns that were due have not come.';
COMMENT ON COLUMN published.status.next_run IS 'What that means for the next run, in a sentence.';
COMMENT ON COLUMN published.status.is_synthetic IS 'Whether the source holds invented figures.';

CREATE TABLE published.source_of_truth (
    subject_id VARCHAR NOT NULL,
    measure_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    precedence INTEGER NOT NULL,
    is_read BOOLEAN NOT NULL
);
COMMENT ON TABLE published.source_of_truth IS 'Which source each series is read from; the others are compared with it.';
COMMENT ON COLUMN published.source_of_truth.subject_id IS 'What is counted: an offence or a service.';
COMMENT ON COLUMN published.source_of_truth.measure_id IS 'How it is counted, as in dim_measure.';
COMMENT ON COLUMN published.source_of_truth.source IS 'A source that has it.';
COMMENT ON COLUMN published.source_of_truth.precedence IS 'Its place among those; the lowest is read.';
COMMENT ON COLUMN published.source_of_truth.is_read IS 'Whether figures are read from it.';

CREATE TABLE published.reconciliation (
    area_code VARCHAR NOT NULL,
    subject_id VARCHAR NOT NULL,
    measure_id VARCHAR NOT NULL,
    period_start DATE NOT NULL,
    period_end DATE NOT NULL,
    read_source VARCHAR NOT NULL,
    read_value BIGINT NOT NULL,
    other_source VARCHAR NOT NULL,
    other_value BIGINT NOT NULL,
    difference BIGINT NOT NULL
);
COMMENT ON TABLE published.reconciliation IS 'The same figure from the source that is read and from another one: compared, never added.';
COMMENT ON COLUMN published.reconciliation.area_code IS 'The area, as in dim_area.';
COMMENT ON COLUMN published.reconciliation.subject_id IS 'What is counted: an offence or a service.';
COMMENT ON COLUMN published.reconciliation.measure_id IS 'How it is counted, as in dim_measure.';
COMMENT ON COLUMN published.reconciliation.period_start IS 'First day of the period of the other source.';
COMMENT ON COLUMN published.reconciliation.period_end IS 'Last day of that period.';
COMMENT ON COLUMN published.reconciliation.read_source IS 'The source that is read.';
COMMENT ON COLUMN published.reconciliation.read_value IS 'What it has.';
COMMENT ON COLUMN published.reconciliation.other_source IS 'The other source.';
COMMENT ON COLUMN published.reconciliation.other_value IS 'What that has.';
COMMENT ON COLUMN published.reconciliation.difference IS 'The other less the one that is read; 0 where they agree.';

CREATE TABLE published.cross_check (
    rule VARCHAR NOT NULL,
    area_code VARCHAR NOT NULL,
    period_end DATE NOT NULL,
    said VARCHAR NOT NULL
);
COMMENT ON TABLE published.cross_check IS 'What does not agree between the returns that are loaded.';
COMMENT ON COLUMN published.cross_check.rule IS 'The rule that does not hold.';
COMMENT ON COLUMN published.cross_check.area_code IS 'The area, as in dim_area.';
COMMENT ON COLUMN published.cross_check.period_end IS 'Last day of what it is about.';
COMMENT ON COLUMN published.cross_check.said IS 'What does not agree, in a sentence.';

CREATE TABLE published.held_back (
    submission_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    area_code VARCHAR NOT NULL,
    month DATE NOT NULL,
    months INTEGER NOT NULL,
    subject_id VARCHAR NOT NULL,
    measure_id VARCHAR NOT NULL,
    was BIGINT,
    would_be BIGINT,
    window_end DATE,
    window_was BIGINT,
    window_would_be BIGINT,
    held_at TIMESTAMP NOT NULL
);
