-- The hashes of the accepted files of a size.
SELECT DISTINCT sha256 FROM submission WHERE size_bytes = $size_bytes AND status = 'accepted';
