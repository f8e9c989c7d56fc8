"""From a tenant's input table to all tables of a dashboard, models included.

Only seeding and ingesting import this package: a request never fits anything, and the API's image
holds none of the libraries that fitting needs.
"""
