-- The rows that leave.
DELETE FROM fact_referrals WHERE rowid IN (SELECT place FROM leaving);
DROP TABLE leaving;
