"""The rows by topic."""
