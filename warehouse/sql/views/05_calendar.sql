-- The day in England at an instant (UTC).
CREATE OR REPLACE MACRO day_in_england(instant) AS (
    (instant AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/London')::DATE
);
-- By how many working days something that was due by a day is late on another.
CREATE OR REPLACE MACRO working_days_late(due, today) AS (
    (SELECT count(*) FROM working_day WHERE day > due AND day <= today)
);
