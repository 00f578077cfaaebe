-- The rows of one person, case or household, in every version.
CREATE OR REPLACE TEMP TABLE leaving AS
SELECT DISTINCT fact.rowid AS place, fact.content_id, slice.source
FROM fact_referrals AS fact
JOIN slice USING (content_id)
WHERE $pseudonym IN (fact.referral_id, fact.person_pseudonym, fact.household_pseudonym);
