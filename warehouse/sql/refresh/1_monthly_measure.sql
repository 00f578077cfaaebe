-- Every covered month of every series, as known at the run's instant.
DELETE FROM monthly_measure;
INSERT INTO monthly_measure BY NAME FROM monthly_measure_as_of($as_of::TIMESTAMP);
