"""The dashboard's slug, and the ids of its components; a filter's id is its URL parameter."""

SLUG = "customer-lifetime-value"
COHORT = "cohort"
CONCENTRATION = "concentration"
ORDERS = "orders-per-customer"
CUMULATIVE_VALUE = "cumulative-value"
