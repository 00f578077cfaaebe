-- What a part of a figure counts, in words, and how its counts make the number.
SELECT
    series_in_words($subject_id, $measure_id) AS said,
    (SELECT additivity FROM dim_measure WHERE measure_id = $measure_id) AS additivity;
