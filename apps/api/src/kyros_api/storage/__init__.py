"""Tenants' data on disk."""
