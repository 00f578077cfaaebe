-- The sources that have the same figure, compared.
INSERT INTO published.reconciliation BY NAME
FROM reconciliation_of('measured') ORDER BY ALL;
