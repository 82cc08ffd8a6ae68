"""Finding words, only where the viewer may read."""
