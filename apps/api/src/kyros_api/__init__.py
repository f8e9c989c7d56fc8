"""The API: identity, token exchange, tenant metadata and tenant data."""
