-- Raw files past their time: the time runs from the acceptance of a later file of the source, and for a file that was
-- never recognised from its receipt.
WITH kept AS (
    SELECT kept_as, any_value(source) AS source, min(received_at) AS received_at
    FROM submission
    WHERE kept_as <> ''
    GROUP BY kept_as
),
followed AS (
    SELECT
        kept.kept_as,
        kept.source,
        CASE WHEN kept.source IS NULL THEN kept.received_at ELSE min(later.received_at) END AS since
    FROM kept
    LEFT JOIN submission AS later
        ON later.source = kept.source
        AND later.status = 'accepted'
        AND later.received_at > kept.received_at
        AND later.kept_as IS DISTINCT FROM kept.kept_as
    GROUP BY kept.kept_as, kept.source, kept.received_at
)
SELECT followed.kept_as, followed.source
FROM followed
LEFT JOIN declared_retention AS declared USING (source)
WHERE since + to_days(coalesce(declared.raw_kept_days, $default_days)) < $now::TIMESTAMP
ORDER BY ALL;
