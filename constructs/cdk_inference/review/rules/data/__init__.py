"""Rules about resources that hold data."""
