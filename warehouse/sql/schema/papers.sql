-- What was printed where: the register that a new draft is read beside, and that tells which printed figures have moved.
CREATE TABLE IF NOT EXISTS paper (
    paper VARCHAR PRIMARY KEY,
    file_name VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    as_of TIMESTAMP NOT NULL,
    entered_at TIMESTAMP NOT NULL,
    entered_by VARCHAR NOT NULL
);
COMMENT ON TABLE paper IS 'A report that was printed. Append-only.';
COMMENT ON COLUMN paper.paper IS 'What it is called.';
COMMENT ON COLUMN paper.file_name IS 'Name of the file that was read.';
COMMENT ON COLUMN paper.sha256 IS 'Hash of that file.';
COMMENT ON COLUMN paper.as_of IS 'The figures were read beside what was known at this instant, UTC.';
COMMENT ON COLUMN paper.entered_at IS 'When it was entered, UTC.';
COMMENT ON COLUMN paper.entered_by IS 'Who entered it.';

CREATE TABLE IF NOT EXISTS printed_figure (
    paper VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    place VARCHAR NOT NULL,
    sentence VARCHAR NOT NULL,
    printed VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,
    published VARCHAR NOT NULL,
    area_code VARCHAR NOT NULL,
    indicator_id VARCHAR,
    breakdown VARCHAR,
    breakdown_value VARCHAR,
    period_end DATE,
    change INTEGER NOT NULL
);
COMMENT ON TABLE printed_figure IS 'Every figure of a report that was printed. Append-only.';
COMMENT ON COLUMN printed_figure.paper IS 'The report.';
COMMENT ON COLUMN printed_figure.number IS 'Which figure of the report it is, from 1.';
COMMENT ON COLUMN printed_figure.place IS 'Paragraph, table or page.';
COMMENT ON COLUMN printed_figure.sentence IS 'The sentence in which it stands.';
COMMENT ON COLUMN printed_figure.printed IS 'The value as printed, with its unit.';
COMMENT ON COLUMN printed_figure.verdict IS 'What was found of it when it was entered.';
COMMENT ON COLUMN printed_figure.published IS 'What was published of it then, rounded as it is printed; empty where nothing was.';
COMMENT ON COLUMN printed_figure.area_code IS 'The area, as in dim_area.';
COMMENT ON COLUMN printed_figure.indicator_id IS 'The indicator, as in dim_indicator; empty where nobody said.';
COMMENT ON COLUMN printed_figure.breakdown IS 'What it is divided by; all where it is not.';
COMMENT ON COLUMN printed_figure.breakdown_value IS 'The value of the breakdown; all where it is not divided.';
COMMENT ON COLUMN printed_figure.period_end IS 'Last day of what it is printed for.';
COMMENT ON COLUMN printed_figure.change IS '1 where it says by how much the figure rose on the year before, -1 fell; 0 where it is the figure.';
