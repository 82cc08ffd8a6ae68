"""How human beings sign in."""
