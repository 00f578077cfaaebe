-- No key of a person leaves the warehouse.
SELECT table_name, column_name
FROM duckdb_columns()
WHERE column_name LIKE '%pseudonym%' OR column_name LIKE '%referral_id';
