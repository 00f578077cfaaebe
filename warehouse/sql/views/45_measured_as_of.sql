-- Every covered period of every series that is counted, from every source that has it. `month` is the first of its `months`.
CREATE OR REPLACE MACRO counted_as_of(instant) AS TABLE
FROM offence_measure_as_of(instant)
UNION ALL BY NAME FROM return_measure_as_of(instant)
UNION ALL BY NAME FROM referral_measure_as_of(instant);

-- The same, and what is counted of the returns themselves.
CREATE OR REPLACE MACRO measured_as_of(instant) AS TABLE
FROM counted_as_of(instant)
UNION ALL BY NAME FROM return_quality_as_of(instant);
