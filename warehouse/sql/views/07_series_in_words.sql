-- What is counted and how, in words: Domestic abuse offence, positive outcomes.
CREATE OR REPLACE MACRO series_in_words(subject, measure) AS (
    coalesce(
        (SELECT offence_name FROM dim_offence WHERE offence_id = subject),
        (SELECT service_name FROM dim_service WHERE service_id = subject),
        'Residents'
    ) || ', ' || coalesce((SELECT lower(measure_name) FROM dim_measure WHERE measure_id = measure), measure)
);
