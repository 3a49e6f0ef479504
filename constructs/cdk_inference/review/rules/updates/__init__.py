"""Rules about updates: what is replaced, moved, renamed, removed or refused."""
