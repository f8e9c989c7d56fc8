"""A tenant's own metadata."""
