"""Readers of what other engines measured. Each returns a block, with what is missing left unknown."""
