"""What people say about a section: kind words, questions, comments and suggestions, and what became of them."""
