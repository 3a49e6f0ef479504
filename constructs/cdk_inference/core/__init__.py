"""What every room uses: errors, checks, names, unknown values."""
