-- Whether a report is in the register.
SELECT paper, file_name, entered_at, entered_by FROM paper WHERE paper = $paper;
