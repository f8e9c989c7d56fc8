"""A tenant's own data: read from a file, checked, built, put in place, and taken back."""
