"""Policies of IAM, compared by what they allow and deny, whatever they look like."""
