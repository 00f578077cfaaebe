-- The sources that have the same figure, compared.
INSERT INTO published.reconciliation BY NAME
FROM reconciliation_as_of($as_of::TIMESTAMP) ORDER BY ALL;
