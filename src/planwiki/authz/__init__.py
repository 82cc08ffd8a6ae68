"""Rights: who is looking, what the policy says, and the only doors to the database."""
