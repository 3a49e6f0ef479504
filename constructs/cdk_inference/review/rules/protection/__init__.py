"""Rules about what protects, watches and records."""
