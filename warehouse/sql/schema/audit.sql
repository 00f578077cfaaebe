-- Audit: what arrived, what became of it, what was run and what was printed.
-- No CHECK constraints: with one, duckdb 1.5 cannot replay the comments below after a killed process (the rows of a
-- submission add up because expectations.verdicts.Counts cannot be made otherwise).
CREATE TABLE IF NOT EXISTS submission (
    submission_id VARCHAR PRIMARY KEY,
    source VARCHAR,
    file_name VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    size_bytes BIGINT NOT NULL,
    received_at TIMESTAMP NOT NULL,
    status VARCHAR NOT NULL,
    vintage DATE,
    revision INTEGER NOT NULL,
    is_synthetic BOOLEAN NOT NULL,
    sheet VARCHAR,
    encoding VARCHAR,
    received BIGINT NOT NULL,
    loaded BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    duplicate BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    out_of_scope BIGINT NOT NULL,
    message VARCHAR NOT NULL,
    kept_as VARCHAR,
    suite_result JSON
);
COMMENT ON TABLE submission IS 'One received file and what became of its rows.';
COMMENT ON COLUMN submission.submission_id IS 'When it was received and the start of its hash.';
COMMENT ON COLUMN submission.source IS 'The source that it was recognised as; empty where it was not.';
COMMENT ON COLUMN submission.file_name IS 'Name of the file as it was sent.';
COMMENT ON COLUMN submission.sha256 IS 'Hash of the file.';
COMMENT ON COLUMN submission.size_bytes IS 'Size of the file in bytes.';
COMMENT ON COLUMN submission.received_at IS 'When it was copied in, UTC.';
COMMENT ON COLUMN submission.status IS 'accepted, unchanged (all of it already held) or rejected.';
COMMENT ON COLUMN submission.vintage IS 'The publisher''s latest refresh date in it.';
COMMENT ON COLUMN submission.revision IS 'Revision stated at the end of the file''s name (_r2); 1 where none is.';
COMMENT ON COLUMN submission.is_synthetic IS 'Whether it says of itself that its figures are invented (name begins with synthetic_).';
COMMENT ON COLUMN submission.sheet IS 'The sheet that was read, of a workbook.';
COMMENT ON COLUMN submission.encoding IS 'The encoding that was found, of a text file.';
COMMENT ON COLUMN submission.received IS 'Rows below the header.';
COMMENT ON COLUMN submission.loaded IS 'Rows that brought a new or changed slice.';
COMMENT ON COLUMN submission.rejected IS 'Rows that could not be used, and the rest of their slices.';
COMMENT ON COLUMN submission.duplicate IS 'Rows that repeat another row to the letter.';
COMMENT ON COLUMN submission.unchanged IS 'Rows of slices that were already held.';
COMMENT ON COLUMN submission.out_of_scope IS 'Rows that are none of our business.';
COMMENT ON COLUMN submission.message IS 'What became of the file, in a sentence.';
COMMENT ON COLUMN submission.kept_as IS 'Where the file itself is kept, below the home folder or on S3.';
COMMENT ON COLUMN submission.suite_result IS 'Result of the Great Expectations suite, without values.';

CREATE TABLE IF NOT EXISTS check_result (
    submission_id VARCHAR NOT NULL,
    check_id VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,
    actor VARCHAR NOT NULL,
    header VARCHAR,
    sheet VARCHAR,
    broken_rows BIGINT NOT NULL,
    said VARCHAR NOT NULL
);
COMMENT ON TABLE check_result IS 'What was found wrong with a submission.';
COMMENT ON COLUMN check_result.submission_id IS 'The submission.';
COMMENT ON COLUMN check_result.check_id IS 'The check.';
COMMENT ON COLUMN check_result.verdict IS 'Reject the file, reject the row, or warn.';
COMMENT ON COLUMN check_result.actor IS 'Who must act: the supplier or us.';
COMMENT ON COLUMN check_result.header IS 'The column, by the sender''s own header.';
COMMENT ON COLUMN check_result.sheet IS 'The sheet, of a workbook.';
COMMENT ON COLUMN check_result.broken_rows IS 'Rows that break the check.';
COMMENT ON COLUMN check_result.said IS 'What is said to the person who must mend it.';

CREATE TABLE IF NOT EXISTS slice (
    source VARCHAR NOT NULL,
    slice_key VARCHAR NOT NULL,
    area_code VARCHAR NOT NULL,
    month DATE,
    content_id VARCHAR NOT NULL,
    submission_id VARCHAR NOT NULL,
    vintage DATE,
    revision INTEGER NOT NULL,
    loaded_at TIMESTAMP NOT NULL,
    rows BIGINT NOT NULL,
    months INTEGER DEFAULT 1,
    part VARCHAR DEFAULT '',
    answers BIGINT,
    answers_known BIGINT
);
-- A table of version 0.1 has slices of single months only, and counts no answers.
ALTER TABLE slice ADD COLUMN IF NOT EXISTS months INTEGER DEFAULT 1;
ALTER TABLE slice ADD COLUMN IF NOT EXISTS part VARCHAR DEFAULT '';
ALTER TABLE slice ADD COLUMN IF NOT EXISTS answers BIGINT;
ALTER TABLE slice ADD COLUMN IF NOT EXISTS answers_known BIGINT;
COMMENT ON TABLE slice IS 'The smallest thing that a newer file replaces: which content each submission gives it. Append-only.';
COMMENT ON COLUMN slice.source IS 'The source.';
COMMENT ON COLUMN slice.slice_key IS 'What the slice is of, such as E09000003/2020-03-01.';
COMMENT ON COLUMN slice.area_code IS 'The area of the slice.';
COMMENT ON COLUMN slice.month IS 'The first month of the slice, where it has one.';
COMMENT ON COLUMN slice.content_id IS 'Hash of the rows and of what they cover; the same content is stored once.';
COMMENT ON COLUMN slice.submission_id IS 'The submission that says so.';
COMMENT ON COLUMN slice.vintage IS 'The publisher''s refresh date of these rows; the latest one is current.';
COMMENT ON COLUMN slice.revision IS 'Among equal vintages the highest revision is current.';
COMMENT ON COLUMN slice.loaded_at IS 'Since when we know it, UTC.';
COMMENT ON COLUMN slice.rows IS 'Rows of the slice in the file.';
COMMENT ON COLUMN slice.months IS 'How many months it spans.';
COMMENT ON COLUMN slice.part IS 'The part of the whole that it reports, such as a refuge; empty where it is the whole.';
COMMENT ON COLUMN slice.answers IS 'How many answers about people its records could give: 0 of counts, empty where version 0.1 loaded it.';
COMMENT ON COLUMN slice.answers_known IS 'How many of these are known.';

CREATE TABLE IF NOT EXISTS coverage (
    content_id VARCHAR NOT NULL,
    subject_id VARCHAR NOT NULL,
    measure_id VARCHAR NOT NULL
);
COMMENT ON TABLE coverage IS 'The series that a slice''s content is complete for: there a missing row is zero, elsewhere it is unknown.';
COMMENT ON COLUMN coverage.content_id IS 'The content.';
COMMENT ON COLUMN coverage.subject_id IS 'The offence or service covered.';
COMMENT ON COLUMN coverage.measure_id IS 'The measure covered.';

CREATE TABLE IF NOT EXISTS run (
    run_id VARCHAR PRIMARY KEY,
    started_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP NOT NULL,
    version VARCHAR NOT NULL,
    as_of TIMESTAMP NOT NULL,
    fingerprint VARCHAR NOT NULL
);
COMMENT ON TABLE run IS 'One refresh of the figures.';
COMMENT ON COLUMN run.run_id IS 'Name of the run: when it started, UTC.';
COMMENT ON COLUMN run.started_at IS 'Start, UTC.';
COMMENT ON COLUMN run.ended_at IS 'When its figures were ready, UTC.';
COMMENT ON COLUMN run.version IS 'Version of the program.';
COMMENT ON COLUMN run.as_of IS 'The figures rest on what was known at this instant, UTC.';
COMMENT ON COLUMN run.fingerprint IS 'Hash of the rules that it computed with: the SQL and the rows of the dimensions.';

CREATE TABLE IF NOT EXISTS published_figure (
    run_id VARCHAR NOT NULL,
    indicator_id VARCHAR NOT NULL,
    area_code VARCHAR NOT NULL,
    period_end DATE NOT NULL,
    numerator BIGINT,
    denominator BIGINT,
    value DOUBLE,
    breakdown VARCHAR DEFAULT 'all',
    breakdown_value VARCHAR DEFAULT 'all'
);
-- A register of version 0.1 has undivided figures only.
ALTER TABLE published_figure ADD COLUMN IF NOT EXISTS breakdown VARCHAR DEFAULT 'all';
ALTER TABLE published_figure ADD COLUMN IF NOT EXISTS breakdown_value VARCHAR DEFAULT 'all';
-- A register of version 0.1 does not say that a figure was lost.
ALTER TABLE published_figure ALTER COLUMN value DROP NOT NULL;
COMMENT ON TABLE published_figure IS 'Every figure at its first publication and at each one that changed or lost it.';
COMMENT ON COLUMN published_figure.run_id IS 'The run that published it.';
COMMENT ON COLUMN published_figure.indicator_id IS 'The indicator, as in dim_indicator.';
COMMENT ON COLUMN published_figure.area_code IS 'The area, as in dim_area.';
COMMENT ON COLUMN published_figure.period_end IS 'Last day of the window.';
COMMENT ON COLUMN published_figure.numerator IS 'Numerator as it was published.';
COMMENT ON COLUMN published_figure.denominator IS 'Denominator as it was published.';
COMMENT ON COLUMN published_figure.value IS 'Value as it was published; empty where it was not known any more.';
COMMENT ON COLUMN published_figure.breakdown IS 'What the figure is divided by; all where it is not.';
COMMENT ON COLUMN published_figure.breakdown_value IS 'The value of the breakdown; all where it is not divided.';

CREATE TABLE IF NOT EXISTS prepared (
    fingerprint VARCHAR NOT NULL
);
COMMENT ON TABLE prepared IS 'What the tables, macros and dimensions of this file were last made from; others make them anew.';
COMMENT ON COLUMN prepared.fingerprint IS 'Hash of the SQL and of the rows of the dimensions.';

CREATE TABLE IF NOT EXISTS retention (
    done_at TIMESTAMP NOT NULL,
    kind VARCHAR NOT NULL,
    source VARCHAR,
    supplier_id VARCHAR,
    removed BIGINT NOT NULL,
    reference_hash VARCHAR
);
COMMENT ON TABLE retention IS 'What was removed because its time was over, or at a person''s request. Append-only.';
COMMENT ON COLUMN retention.done_at IS 'When, UTC.';
COMMENT ON COLUMN retention.kind IS 'raw files, records (rows about single people) or erasure (the rows of one person).';
COMMENT ON COLUMN retention.source IS 'The source; empty for files that were never recognised, and for an erasure without rows.';
COMMENT ON COLUMN retention.supplier_id IS 'Whose person was erased, as in dim_agency; empty otherwise.';
COMMENT ON COLUMN retention.removed IS 'How many files or rows.';
COMMENT ON COLUMN retention.reference_hash IS 'Of an erasure: the start of the SHA-256 of the pseudonym, never the reference.';

CREATE TABLE IF NOT EXISTS erased (
    pseudonym VARCHAR PRIMARY KEY,
    supplier_id VARCHAR NOT NULL,
    erased_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE erased IS 'Pseudonyms erased at a person''s request: rows with one are not loaded again.';
COMMENT ON COLUMN erased.pseudonym IS 'The pseudonym of the person, case or household, keyed per supplier.';
COMMENT ON COLUMN erased.supplier_id IS 'Whose reference it was, as in dim_agency.';
COMMENT ON COLUMN erased.erased_at IS 'When, UTC.';

CREATE TABLE IF NOT EXISTS notification (
    notice_id VARCHAR PRIMARY KEY,
    kind VARCHAR NOT NULL,
    source VARCHAR,
    submission_id VARCHAR,
    channel VARCHAR NOT NULL,
    sent_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE notification IS 'What was told of late returns, rejected files and restatements held back, so that it is told once. Entered after it was sent.';
COMMENT ON COLUMN notification.notice_id IS 'What it is about: the return by its source, part and first month, the start of the file''s hash, or the submission.';
COMMENT ON COLUMN notification.kind IS 'late (by two working days), overdue (by five), rejected or held.';
COMMENT ON COLUMN notification.source IS 'The source; empty for a file that was not recognised.';
COMMENT ON COLUMN notification.submission_id IS 'The submission, of a rejected file or a restatement.';
COMMENT ON COLUMN notification.channel IS 'How it was sent: print, email or webhook.';
COMMENT ON COLUMN notification.sent_at IS 'When it was sent, UTC.';

CREATE TABLE IF NOT EXISTS held_back (
    submission_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    slice_key VARCHAR NOT NULL,
    content_id VARCHAR NOT NULL,
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
COMMENT ON TABLE held_back IS 'The slices of a submission that are loaded and not published until somebody accepts them, by each count that they change. Append-only.';
COMMENT ON COLUMN held_back.submission_id IS 'The submission that restates.';
COMMENT ON COLUMN held_back.source IS 'The source.';
COMMENT ON COLUMN held_back.slice_key IS 'The slice that is held back.';
COMMENT ON COLUMN held_back.content_id IS 'What it would become.';
COMMENT ON COLUMN held_back.rule IS 'Why: restated (beyond the limit), shrunk, lost (no longer known), closed year, or vanished (the file lacks areas or months).';
COMMENT ON COLUMN held_back.area_code IS 'The area, as in dim_area.';
COMMENT ON COLUMN held_back.month IS 'First month of the period that changes.';
COMMENT ON COLUMN held_back.months IS 'How many months it has.';
COMMENT ON COLUMN held_back.subject_id IS 'What is counted: an offence or a service; POPULATION of residents.';
COMMENT ON COLUMN held_back.measure_id IS 'How it is counted, as in dim_measure; of residents the series.';
COMMENT ON COLUMN held_back.was IS 'The count as it was published last; empty where it was not known.';
COMMENT ON COLUMN held_back.would_be IS 'What it would become; empty where it would not be known.';
COMMENT ON COLUMN held_back.window_end IS 'Last month of the 12 that would change the most.';
COMMENT ON COLUMN held_back.window_was IS 'The count of these 12 months as it was published last.';
COMMENT ON COLUMN held_back.window_would_be IS 'What that would become.';
COMMENT ON COLUMN held_back.held_at IS 'Since when it is held back, UTC.';

CREATE TABLE IF NOT EXISTS acceptance (
    submission_id VARCHAR PRIMARY KEY,
    accepted_at TIMESTAMP NOT NULL,
    accepted_by VARCHAR NOT NULL,
    why VARCHAR NOT NULL
);
COMMENT ON TABLE acceptance IS 'Who accepted a restatement that was held back, and why. Append-only.';
COMMENT ON COLUMN acceptance.submission_id IS 'The submission that restates.';
COMMENT ON COLUMN acceptance.accepted_at IS 'When, UTC; publications from then on read it.';
COMMENT ON COLUMN acceptance.accepted_by IS 'Who answers for it.';
COMMENT ON COLUMN acceptance.why IS 'The reason that was given.';

CREATE TABLE IF NOT EXISTS rollback (
    rolled_back_at TIMESTAMP NOT NULL,
    run_id VARCHAR,
    instead_of VARCHAR,
    decided_by VARCHAR NOT NULL,
    why VARCHAR NOT NULL
);
COMMENT ON TABLE rollback IS 'Who put an earlier publication back in its place, or lifted that, and why. Append-only.';
COMMENT ON COLUMN rollback.rolled_back_at IS 'When, UTC.';
COMMENT ON COLUMN rollback.run_id IS 'The publication that was put back; empty where a rollback was lifted.';
COMMENT ON COLUMN rollback.instead_of IS 'The publication that stood before.';
COMMENT ON COLUMN rollback.decided_by IS 'Who answers for it.';
COMMENT ON COLUMN rollback.why IS 'The reason that was given.';
