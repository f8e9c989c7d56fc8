"""The dashboard's slug, and the ids of its components; a filter's id is its URL parameter."""

SLUG = "risk-analysis"
SEGMENT = "by"
DEFAULT_RATE = "default-rate"
SEGMENT_EXPOSURE = "exposure-by-segment"
ACCOUNT_SIZE = "account-size"
