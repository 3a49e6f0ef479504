"""Helpers of every room that makes constructs."""
