-- What a part of a figure counts, in words.
SELECT series_in_words($subject_id, $measure_id) AS said;
