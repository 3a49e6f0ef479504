"""Writes what is generated in docs/: a module per page or picture, of the same name."""
