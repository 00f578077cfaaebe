-- The pseudonyms whose rows are not to come back.
SELECT pseudonym FROM erased;
