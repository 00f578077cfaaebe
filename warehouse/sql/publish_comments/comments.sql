-- The catalogue is the data dictionary: what is said of a table or column here is said of it where it is published.
SELECT format('COMMENT ON TABLE published.{} IS ''{}''', copy.table_name, replace(told.comment, '''', '''''')) AS statement
FROM duckdb_tables() AS copy
JOIN duckdb_tables() AS told USING (table_name)
WHERE copy.database_name = 'published' AND told.database_name <> 'published' AND told.comment IS NOT NULL
UNION ALL
SELECT format(
    'COMMENT ON COLUMN published.{}.{} IS ''{}''',
    copy.table_name, copy.column_name, replace(told.comment, '''', '''''')
)
FROM duckdb_columns() AS copy
JOIN (
    -- Columns that only the published facts have are told as those of the slice.
    SELECT DISTINCT ON (copy.table_name, copy.column_name) copy.table_name, copy.column_name, told.comment
    FROM duckdb_columns() AS copy
    JOIN duckdb_columns() AS told
        ON told.column_name = copy.column_name
        AND told.table_name IN (copy.table_name, 'slice')
        AND told.database_name <> 'published'
    WHERE copy.database_name = 'published' AND told.comment IS NOT NULL
    ORDER BY told.table_name = 'slice'
) AS told USING (table_name, column_name)
WHERE copy.database_name = 'published';
