"""Readers of other engines' results. Each returns a block; missing values stay unknown."""
