-- The tables of a release. Text that a spreadsheet would take for a formula is made inert by an apostrophe before it.
CREATE MACRO inert(said) AS CASE
    WHEN regexp_matches(said, '^[=+@\t\r\n＝＋－＠-]') AND TRY_CAST(said AS DOUBLE) IS NULL THEN '''' || said ELSE said
END;

CREATE TABLE figure AS
SELECT
    indicator_id,
    inert(indicator_name) AS indicator_name,
    objective,
    area_code,
    inert(area_name) AS area_name,
    inert(breakdown) AS breakdown,
    inert(breakdown_value) AS breakdown_value,
    period_start,
    period_end,
    TRY_CAST(value_shown AS DOUBLE) AS value,
    value_shown,
    unit,
    TRY_CAST(base_shown AS BIGINT) AS base,
    base_shown,
    CASE WHEN value_shown = '[x]' OR flags IS NULL OR flags = '' THEN '[z]'
        ELSE '[' || replace(flags, ' ', '] [') || ']' END AS markers,
    inert(definition) AS definition,
    $policy AS policy,
    is_synthetic
FROM shown
ORDER BY indicator_id, area_code, breakdown, breakdown_value, period_end;
COMMENT ON TABLE figure IS 'Rolling 12-month figures, after disclosure control.';
COMMENT ON COLUMN figure.indicator_id IS 'The indicator.';
COMMENT ON COLUMN figure.indicator_name IS 'Name of the indicator.';
COMMENT ON COLUMN figure.objective IS 'Priority of the strategy: 1 prevent, 2 victims, 3 perpetrators, 4 joint working.';
COMMENT ON COLUMN figure.area_code IS 'The area: GSS code of a borough, or a police command.';
COMMENT ON COLUMN figure.area_name IS 'Name of the area.';
COMMENT ON COLUMN figure.breakdown IS 'What the figure is divided by, such as victim_sex; all where it is not.';
COMMENT ON COLUMN figure.breakdown_value IS 'The value of the breakdown, such as F; all where it is not divided.';
COMMENT ON COLUMN figure.period_start IS 'First day of the 12 months.';
COMMENT ON COLUMN figure.period_end IS 'Last day of the 12 months.';
COMMENT ON COLUMN figure.value IS 'The value; empty where a shorthand is shown in its place.';
COMMENT ON COLUMN figure.value_shown IS 'The value as it is shown, or a shorthand: [c] suppressed, [x] not available, [low] rounds to zero, [b] a break forbids it.';
COMMENT ON COLUMN figure.unit IS 'Unit of the value.';
COMMENT ON COLUMN figure.base IS 'What the value is a share or rate of; empty where a shorthand is shown in its place.';
COMMENT ON COLUMN figure.base_shown IS 'The base as it is shown, or a shorthand; [z] for a count.';
COMMENT ON COLUMN figure.markers IS '[p] provisional, [r] revised, [b] break in the series; [z] where there is none.';
COMMENT ON COLUMN figure.definition IS 'What the figure says, with its source.';
COMMENT ON COLUMN figure.policy IS 'The policy of disclosure control; table release says what it is.';
COMMENT ON COLUMN figure.is_synthetic IS 'Whether a file behind it says that its figures are invented.';

CREATE TABLE shorthand AS SELECT * FROM meanings ORDER BY shorthand;
COMMENT ON TABLE shorthand IS 'What the shorthand means.';
COMMENT ON COLUMN shorthand.shorthand IS 'As it is shown.';
COMMENT ON COLUMN shorthand.meaning IS 'What it means.';

CREATE TABLE release AS SELECT *, $said AS said FROM this_release;
COMMENT ON TABLE release IS 'This release.';
COMMENT ON COLUMN release.release_id IS 'Name of the release.';
COMMENT ON COLUMN release.policy IS 'Name of the policy.';
COMMENT ON COLUMN release.threshold IS 'Counts from 1 to one less are suppressed.';
COMMENT ON COLUMN release.rounding IS 'Counts of people are shown to the nearest multiple of it.';
COMMENT ON COLUMN release.rules IS 'Hash of the declared policies and the version of the program.';
COMMENT ON COLUMN release.said IS 'The policy in a sentence.';
COMMENT ON COLUMN release.run_id IS 'The run that computed the figures.';
COMMENT ON COLUMN release.released_at IS 'When it was made, UTC.';

DROP MACRO inert;
