-- What two readings have, side by side.
CREATE OR REPLACE TEMP TABLE read_count (
    is_new BOOLEAN,
    source VARCHAR,
    area_code VARCHAR,
    subject_id VARCHAR,
    measure_id VARCHAR,
    breakdown VARCHAR,
    breakdown_value VARCHAR,
    month DATE,
    months INTEGER,
    value BIGINT,
    submissions VARCHAR[]
);
CREATE OR REPLACE TEMP TABLE read_figure (
    is_new BOOLEAN,
    indicator_id VARCHAR,
    indicator_name VARCHAR,
    area_code VARCHAR,
    area_name VARCHAR,
    breakdown VARCHAR,
    breakdown_value VARCHAR,
    period_end DATE,
    unit VARCHAR,
    value DOUBLE,
    display VARCHAR,
    source_submission VARCHAR[]
);
