-- What was held back is so again.
INSERT INTO held_back BY NAME FROM holds_aside;
DROP TABLE holds_aside;
