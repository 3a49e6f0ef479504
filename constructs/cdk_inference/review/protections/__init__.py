"""Properties and resources that protect something, in tables: what counts as loosened."""
