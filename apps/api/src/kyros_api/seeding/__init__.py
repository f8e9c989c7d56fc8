"""The demo: real public data, made into the data of two tenants."""
