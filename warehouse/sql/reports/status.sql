-- What is expected, received and late on a day, as known now: the latest first, then by when the next is due.
FROM status_as_of(TIMESTAMP '9999-12-31', $today::DATE)
ORDER BY late_by DESC, due_on NULLS LAST, source, part;
