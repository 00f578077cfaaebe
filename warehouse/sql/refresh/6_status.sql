-- What is expected, received and late on a day, as known at the run's instant.
INSERT INTO published.status BY NAME
FROM status_as_of($as_of::TIMESTAMP, $today::DATE);
