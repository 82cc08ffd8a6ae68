"""Planwiki: an online plan for one young person's life, which the young person and family own."""
