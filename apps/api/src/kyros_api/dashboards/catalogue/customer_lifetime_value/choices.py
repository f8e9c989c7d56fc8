"""What can be chosen of customers' value, and the SQL of a choice.

The expected purchases and values of every horizon and rate are columns of ``customers``, made when
the data is put in place. DuckDB reduces a CASE over bound values to the one column that is wanted.
"""

from kyros_api.dashboards.catalogue.specification import Choice, OneOf, Parameter

HORIZONS = (13, 26, 52, 104, 156)  # weeks
RATES = (0, 5, 10, 15, 20)  # per cent a year
SEGMENTS = ("high", "medium", "low")
BG_NBD = ("r", "alpha", "a", "b")
GAMMA_GAMMA = ("p", "q", "gamma")
PARAMETERS = (*BG_NBD, *GAMMA_GAMMA)

COHORT: dict[str, Parameter] = {
    "cohort": Choice("SELECT cohort FROM read_parquet($cohorts) ORDER BY cohort")
}
SEGMENT: dict[str, Parameter] = {
    "segment": OneOf(
        SEGMENTS,
        "Customers by their expected value, between the thresholds of the configuration; all of "
        "them when left out.",
    )
}
HORIZON: dict[str, Parameter] = {"horizon": OneOf(HORIZONS, "How many weeks ahead.", 52)}
RATE: dict[str, Parameter] = {
    "rate": OneOf(RATES, "What is taken off future purchases, per cent a year.", 10)
}
THRESHOLDS = {"high": "value_thresholds.high", "medium": "value_thresholds.medium"}


def purchases_column(horizon: int) -> str:
    """Return the column with the purchases that a customer is expected to make."""
    return f"purchases_{horizon}"


def value_column(horizon: int, rate: int) -> str:
    """Return the column with a customer's expected value."""
    return f"value_{horizon}_{rate}"


_OF_HORIZON = " ".join(f"WHEN {weeks} THEN {purchases_column(weeks)}" for weeks in HORIZONS)
_OF_BOTH = " ".join(
    f"WHEN $horizon = {weeks} AND $rate = {rate} THEN {value_column(weeks, rate)}"
    for weeks in HORIZONS
    for rate in RATES
)
PURCHASES = f"CASE $horizon {_OF_HORIZON} END"
VALUE = f"CASE {_OF_BOTH} END"
# Whoever asks for the customers of a range of values must find those that the sums have in it: all
# values are made and rounded the same way.
VALUE_OF_CUSTOMER = "round(p_alive * expected_spend * discounted, 4)"
