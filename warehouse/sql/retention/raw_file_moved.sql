-- A raw file that is kept under another name, or no longer kept.
UPDATE submission SET kept_as = $now_kept_as WHERE kept_as = $kept_as;
