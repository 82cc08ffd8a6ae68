"""What everything stands on and that knows nothing of plans: words, ids, time, errors, text."""
