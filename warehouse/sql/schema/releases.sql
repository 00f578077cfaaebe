-- What left the partnership: it is part of what the next release must not add up to, unless nobody outside ever had it.
CREATE TABLE IF NOT EXISTS release (
    release_id VARCHAR PRIMARY KEY,
    policy VARCHAR NOT NULL,
    threshold INTEGER NOT NULL,
    rounding INTEGER NOT NULL,
    rules VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    released_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE release IS 'One set of files made to leave the partnership, after disclosure control. Append-only.';
COMMENT ON COLUMN release.release_id IS 'Name of the release, and of its folder.';
COMMENT ON COLUMN release.policy IS 'The policy that it was made under.';
COMMENT ON COLUMN release.threshold IS 'Counts from 1 to one less were suppressed.';
COMMENT ON COLUMN release.rounding IS 'Counts of people are shown to the nearest multiple of it.';
COMMENT ON COLUMN release.rules IS 'Hash of the declared policies and the version of the program.';
COMMENT ON COLUMN release.run_id IS 'The run that computed its figures.';
COMMENT ON COLUMN release.released_at IS 'When it was made, UTC.';

CREATE TABLE IF NOT EXISTS released_figure (
    release_id VARCHAR NOT NULL,
    indicator_id VARCHAR NOT NULL,
    area_code VARCHAR NOT NULL,
    breakdown VARCHAR NOT NULL,
    breakdown_value VARCHAR NOT NULL,
    period_end DATE NOT NULL,
    value_shown VARCHAR NOT NULL,
    base_shown VARCHAR NOT NULL
);
COMMENT ON TABLE released_figure IS 'Every figure of every release, as it was shown. Append-only.';
COMMENT ON COLUMN released_figure.release_id IS 'The release.';
COMMENT ON COLUMN released_figure.indicator_id IS 'The indicator, as in dim_indicator.';
COMMENT ON COLUMN released_figure.area_code IS 'The area, as in dim_area.';
COMMENT ON COLUMN released_figure.breakdown IS 'What the figure is divided by; all where it is not.';
COMMENT ON COLUMN released_figure.breakdown_value IS 'The value of the breakdown; all where it is not divided.';
COMMENT ON COLUMN released_figure.period_end IS 'Last day of the window.';
COMMENT ON COLUMN released_figure.value_shown IS 'The value as it was shown, or the shorthand in its place.';
COMMENT ON COLUMN released_figure.base_shown IS 'The base as it was shown, or the shorthand in its place.';

CREATE TABLE IF NOT EXISTS withdrawal (
    release_id VARCHAR PRIMARY KEY,
    withdrawn_at TIMESTAMP NOT NULL,
    decided_by VARCHAR NOT NULL,
    why VARCHAR NOT NULL
);
COMMENT ON TABLE withdrawal IS 'Who withdrew a release before anybody outside had it, and why. Append-only.';
COMMENT ON COLUMN withdrawal.release_id IS 'The release.';
COMMENT ON COLUMN withdrawal.withdrawn_at IS 'When, UTC.';
COMMENT ON COLUMN withdrawal.decided_by IS 'Who answers for it that nobody outside has it.';
COMMENT ON COLUMN withdrawal.why IS 'The reason that was given.';
