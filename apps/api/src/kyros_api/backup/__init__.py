"""Backup and restore: all that is kept of all tenants as one file, and back."""
