-- Every figure of the reports that were printed, in the order in which they were; of one report where one is named.
SELECT printed_figure.*, paper.entered_at, paper.sha256
FROM printed_figure
JOIN paper USING (paper)
WHERE $paper = '' OR paper = $paper
ORDER BY paper.entered_at, paper, number;
