-- The months of records that are covered, for each measure that they can be counted by.
CREATE OR REPLACE MACRO referral_coverage_as_of(instant) AS TABLE
SELECT slice.source, slice.area_code, slice.month, subject_id AS service_id, measure_id, content_id, submission_id
FROM slice_as_of(instant) AS slice
JOIN source USING (source)
JOIN coverage USING (content_id)
WHERE loads = 'fact_referrals';
