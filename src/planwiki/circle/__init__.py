"""The people of a plan, and what each was given."""
