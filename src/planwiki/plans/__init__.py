"""Plans, their sections, and every version of each."""
