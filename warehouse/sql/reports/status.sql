-- What is expected, received and late on a day, as known now.
FROM status_as_of(TIMESTAMP '9999-12-31', $today::DATE);
