"""Rules about who may do what, and what the network lets through."""
