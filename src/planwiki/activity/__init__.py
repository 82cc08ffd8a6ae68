"""What happened in a plan: ids and verbs, never words."""
