-- The current referrals without any key of a person, household or referral.
CREATE TABLE published.fact_referrals AS
SELECT fact.* EXCLUDE (content_id, referral_id, person_pseudonym, household_pseudonym, earlier_referral_id), slice.source, slice.submission_id
FROM fact_referrals AS fact
JOIN slice_as_of($as_of::TIMESTAMP) AS slice USING (content_id)
ORDER BY ALL;
