-- Every table and column of this database, with what its comment says.
SELECT
    columns.table_name,
    tables.comment AS says,
    columns.column_name,
    columns.data_type,
    columns.comment AS column_says
FROM duckdb_columns() AS columns
JOIN duckdb_tables() AS tables USING (database_name, schema_name, table_name)
WHERE columns.database_name = current_database()
ORDER BY columns.table_name, columns.column_index;
