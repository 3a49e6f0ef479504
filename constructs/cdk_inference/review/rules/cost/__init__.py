"""Rules about cost, and about what limits it."""
