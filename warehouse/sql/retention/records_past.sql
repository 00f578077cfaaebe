-- The rows about single people whose month is further back than is kept, in every version.
CREATE OR REPLACE TEMP TABLE leaving AS
SELECT DISTINCT fact.rowid AS place, fact.content_id, slice.source
FROM fact_referrals AS fact
JOIN slice USING (content_id)
JOIN declared_retention AS declared USING (source)
WHERE fact.month < date_trunc('month', $now::TIMESTAMP) - to_months(declared.records_kept_months);
