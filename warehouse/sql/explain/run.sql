-- The publication that stands.
FROM published.run;
