"""What is to be different, and who does what by when."""
