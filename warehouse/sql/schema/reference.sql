-- Reference: what figures are measured against, each row with its series.
CREATE TABLE IF NOT EXISTS population (
    content_id VARCHAR NOT NULL,
    area_code VARCHAR NOT NULL,
    mid_year INTEGER NOT NULL,
    series VARCHAR NOT NULL,
    residents BIGINT NOT NULL,
    sex VARCHAR DEFAULT 'all',
    ages VARCHAR DEFAULT 'all'
);
-- A table of version 0.1 has residents of both sexes and all ages only.
ALTER TABLE population ADD COLUMN IF NOT EXISTS sex VARCHAR DEFAULT 'all';
ALTER TABLE population ADD COLUMN IF NOT EXISTS ages VARCHAR DEFAULT 'all';
COMMENT ON TABLE population IS 'Residents by area, mid-year and series; every release ever accepted.';
COMMENT ON COLUMN population.content_id IS 'The slice content that the row belongs to.';
COMMENT ON COLUMN population.area_code IS 'The area, as in dim_area.';
COMMENT ON COLUMN population.mid_year IS 'Year of the 30 June counted.';
COMMENT ON COLUMN population.series IS 'The publisher''s name of the series.';
COMMENT ON COLUMN population.residents IS 'Residents of that sex and those ages.';
COMMENT ON COLUMN population.sex IS 'F, M or all.';
COMMENT ON COLUMN population.ages IS 'The ages counted, such as 16+; all where it is everybody.';

CREATE TABLE IF NOT EXISTS benchmark (
    content_id VARCHAR NOT NULL,
    area_name VARCHAR NOT NULL,
    measure_id VARCHAR NOT NULL,
    period_start DATE NOT NULL,
    period_end DATE NOT NULL,
    series VARCHAR NOT NULL,
    definition_set VARCHAR NOT NULL,
    value DOUBLE,
    unit VARCHAR,
    url VARCHAR,
    retrieved_on DATE
);
COMMENT ON TABLE benchmark IS 'Published figures to compare with; some counts are fractional at the publisher.';
COMMENT ON COLUMN benchmark.content_id IS 'The slice content that the row belongs to.';
COMMENT ON COLUMN benchmark.area_name IS 'The area, by the name that the publisher gives it.';
COMMENT ON COLUMN benchmark.measure_id IS 'What is measured.';
COMMENT ON COLUMN benchmark.period_start IS 'First day of the period.';
COMMENT ON COLUMN benchmark.period_end IS 'Last day of the period.';
COMMENT ON COLUMN benchmark.series IS 'The publisher''s name of the series.';
COMMENT ON COLUMN benchmark.definition_set IS 'The set of definitions; figures of different sets are not compared.';
COMMENT ON COLUMN benchmark.value IS 'The published figure.';
COMMENT ON COLUMN benchmark.unit IS 'Its unit.';
COMMENT ON COLUMN benchmark.url IS 'Where it was published.';
COMMENT ON COLUMN benchmark.retrieved_on IS 'When it was read there.';

CREATE TABLE IF NOT EXISTS series_break (
    break_id VARCHAR PRIMARY KEY,
    subject_id VARCHAR NOT NULL,
    month DATE NOT NULL,
    reason VARCHAR NOT NULL,
    publisher VARCHAR NOT NULL
);
COMMENT ON TABLE series_break IS 'Where a series changes its meaning; figures before and after are not compared.';
COMMENT ON COLUMN series_break.break_id IS 'Code of the break.';
COMMENT ON COLUMN series_break.subject_id IS 'The offence or service whose series breaks.';
COMMENT ON COLUMN series_break.month IS 'First month of the new series.';
COMMENT ON COLUMN series_break.reason IS 'What changed.';
COMMENT ON COLUMN series_break.publisher IS 'Who says so.';

CREATE TABLE IF NOT EXISTS source (
    source VARCHAR PRIMARY KEY,
    title VARCHAR NOT NULL,
    supplier_id VARCHAR NOT NULL,
    loads VARCHAR NOT NULL,
    arrives VARCHAR NOT NULL,
    precedence INTEGER NOT NULL
);
COMMENT ON TABLE source IS 'The declared sources.';
COMMENT ON COLUMN source.source IS 'Name of the source.';
COMMENT ON COLUMN source.title IS 'What people call it.';
COMMENT ON COLUMN source.supplier_id IS 'Who sends it, as in dim_agency.';
COMMENT ON COLUMN source.loads IS 'The table that it loads.';
COMMENT ON COLUMN source.arrives IS 'How often and when it arrives.';
COMMENT ON COLUMN source.precedence IS 'Where two sources cover the same figure, the lowest one is read.';

CREATE TABLE IF NOT EXISTS part (
    source VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    part_name VARCHAR
);
-- A table of version 0.1 has codes only.
ALTER TABLE part ADD COLUMN IF NOT EXISTS part_name VARCHAR;
COMMENT ON TABLE part IS 'Those whose reports together make the whole, such as the refuges of the borough.';
COMMENT ON COLUMN part.source IS 'The source that they report in.';
COMMENT ON COLUMN part.part IS 'Code of the part.';
COMMENT ON COLUMN part.part_name IS 'Name of the part.';
COMMENT ON COLUMN part.valid_from IS 'First day on which its report is expected.';
COMMENT ON COLUMN part.valid_to IS 'Last day; empty while it holds.';

CREATE TABLE IF NOT EXISTS working_day (
    day DATE PRIMARY KEY
);
COMMENT ON TABLE working_day IS 'The working days of England: Mondays to Fridays that are no bank holiday.';
COMMENT ON COLUMN working_day.day IS 'The day.';

CREATE TABLE IF NOT EXISTS owed_return (
    source VARCHAR NOT NULL,
    month DATE NOT NULL,
    months INTEGER NOT NULL,
    period VARCHAR NOT NULL,
    due_on DATE NOT NULL
);
COMMENT ON TABLE owed_return IS 'The returns that are declared to come, each with the day by which it is due.';
COMMENT ON COLUMN owed_return.source IS 'The source.';
COMMENT ON COLUMN owed_return.month IS 'First month of its period.';
COMMENT ON COLUMN owed_return.months IS 'How many months the period has.';
COMMENT ON COLUMN owed_return.period IS 'The period as it is written, such as 2019/20 Q1.';
COMMENT ON COLUMN owed_return.due_on IS 'The day by which it is due.';

CREATE TABLE IF NOT EXISTS restatement_limit (
    told_percent DOUBLE NOT NULL,
    held_percent DOUBLE NOT NULL,
    least_difference BIGINT NOT NULL,
    least_base BIGINT NOT NULL,
    shrunk_share DOUBLE NOT NULL,
    whole_share DOUBLE NOT NULL
);
COMMENT ON TABLE restatement_limit IS 'Beyond what a restatement of published figures is told, and held back.';
COMMENT ON COLUMN restatement_limit.told_percent IS 'A count of 12 months that changes by more than this is told.';
COMMENT ON COLUMN restatement_limit.held_percent IS 'A count of 12 months that changes by more than this is held back.';
COMMENT ON COLUMN restatement_limit.least_difference IS 'What changes by less than this many is neither told nor held back.';
COMMENT ON COLUMN restatement_limit.least_base IS 'A count of one period below this cannot shrink implausibly.';
COMMENT ON COLUMN restatement_limit.shrunk_share IS 'A count of one period that falls below this share of what it was has shrunk implausibly.';
COMMENT ON COLUMN restatement_limit.whole_share IS 'A file that repeats this share of the slices of the one before is taken for a whole one, from which nothing may vanish.';

CREATE TABLE IF NOT EXISTS closed_year (
    last_month DATE NOT NULL,
    closed_on DATE NOT NULL,
    because VARCHAR NOT NULL
);
COMMENT ON TABLE closed_year IS 'The financial years whose annual report is agreed: whatever restates them, or a year before, is held back.';
COMMENT ON COLUMN closed_year.last_month IS 'Last month of the year, by its first day.';
COMMENT ON COLUMN closed_year.closed_on IS 'Since when it is closed.';
COMMENT ON COLUMN closed_year.because IS 'What was agreed, and where that is said.';
