"""What is new for one reader, and what waits for their answer, in words; and the letter that says there is some."""
