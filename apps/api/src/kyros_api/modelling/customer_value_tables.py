"""The tables that hold what the models say, as SQL over the customers and the models' frames.

``people`` has a row for each customer; ``estimates`` what the models say of each, by ``number``;
``horizons`` what an active customer of a frequency and age will buy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kyros_api.dashboards.catalogue.customer_lifetime_value.choices import (
    BG_NBD,
    GAMMA_GAMMA,
    HORIZONS,
    RATES,
    VALUE_OF_CUSTOMER,
    purchases_column,
    value_column,
)
from kyros_api.dashboards.catalogue.customer_lifetime_value.slices import sums_by_bin, valued
from kyros_api.modelling.model_tables import MODEL_CARD, MODEL_PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Mapping

HORIZON_COLUMNS = (
    *("frequency", "age_days", "horizon", "rate", "purchases", "discounted", "squared_discount"),
    *("second_moment", "plain_second_moment", "buys", "d_buys_r", "d_buys_alpha"),
    *(f"d_purchases_{name}" for name in BG_NBD),
    *(f"d_discounted_{name}" for name in BG_NBD),
)

# What comes of the models as frames, with the types that it has as tables.
_INTEGERS = ("frequency", "age_days", "horizon", "rate")
FRAME_TABLES: Mapping[str, str] = {
    "estimates": ", ".join(
        [
            "number BIGINT, frequency INTEGER, recency_days INTEGER, age_days INTEGER",
            "p_alive DOUBLE, expected_spend DOUBLE, spend_square DOUBLE, spend_product DOUBLE",
            *(f"d_alive_{name} FLOAT" for name in BG_NBD),
            *(f"d_spend_{name} FLOAT" for name in GAMMA_GAMMA),
        ]
    ),
    "horizons": ", ".join(
        f"{name} {'INTEGER' if name in _INTEGERS else 'DOUBLE'}" for name in HORIZON_COLUMNS
    ),
    "recency_frequency": (
        "frequency INTEGER, recency_weeks INTEGER, horizon INTEGER, p_alive DOUBLE,"
        " purchases DOUBLE, customers BIGINT"
    ),
    "parameter_covariance": "row INTEGER, col INTEGER, covariance DOUBLE",
    "model_parameters": MODEL_PARAMETERS,
    "model_card": MODEL_CARD,
    "tracking": "week INTEGER, date DATE, actual DOUBLE, expected DOUBLE, phase VARCHAR",
    "frequency_fit": "frequency INTEGER, actual BIGINT, expected DOUBLE",
    "holdout": "frequency INTEGER, customers BIGINT, actual DOUBLE, expected DOUBLE",
}
# Of the largest value there is: the first bin ends near here, and ends at 1, 2 or 5 x 10^n.
_SMALLEST_EDGE = 5000

_PURCHASES = {
    purchases_column(weeks): f"max(purchases) FILTER (horizon = {weeks})" for weeks in HORIZONS
}
_DISCOUNTED = {
    f"discounted_{weeks}_{rate}": f"max(discounted) FILTER (horizon = {weeks} AND rate = {rate})"
    for weeks in HORIZONS
    for rate in RATES
}
_BY_HISTORY = "SELECT frequency, age_days, {columns} FROM horizons GROUP BY ALL".format(  # noqa: S608
    columns=", ".join(f"{sql} AS {name}" for name, sql in (_PURCHASES | _DISCOUNTED).items())
)


def _customers() -> str:
    purchases = [f"round(p_alive * {name}, 4) AS {name}" for name in _PURCHASES]
    values = [
        f"{VALUE_OF_CUSTOMER.replace('discounted', f'discounted_{weeks}_{rate}')}"
        f" AS {value_column(weeks, rate)}"
        for weeks in HORIZONS
        for rate in RATES
    ]
    return f"""
        WITH by_history AS ({_BY_HISTORY})
        SELECT people.* EXCLUDE (number),
               frequency, recency_days, age_days, p_alive, expected_spend,
               {", ".join([*purchases, *values])}
        FROM people LEFT JOIN estimates USING (number)
                    LEFT JOIN by_history USING (frequency, age_days)
        ORDER BY customer_id
    """  # noqa: S608 - of constants


# What the sums of a part of the customers need, one row a customer.
_SENSITIVITIES = """
    SELECT cohort, first_purchase, last_purchase, orders, total_spend, frequency, age_days, p_alive,
           expected_spend, spend_square, spend_product, {gradients}
    FROM people LEFT JOIN estimates USING (number)
    ORDER BY customer_id
""".format(  # noqa: S608
    gradients=", ".join(
        [f"d_alive_{name}" for name in BG_NBD] + [f"d_spend_{name}" for name in GAMMA_GAMMA]
    )
)

# From 0, then at 1, 2 or 5 times a power of ten up to beyond the largest value.
_VALUE_EDGES = f"""
    WITH span AS (
        SELECT max({value_column(HORIZONS[-1], 0)}) AS largest FROM customers
    ),
    edges AS (
        SELECT mantissa * pow(10.0, exponent) AS edge
        FROM range(-12, 16) AS powers(exponent), (VALUES (1), (2), (5)) AS series(mantissa)
    ),
    used AS (
        SELECT edge FROM edges, span
        WHERE edge > largest / {_SMALLEST_EDGE} AND edge <= 10 * largest
    ),
    bins AS (
        SELECT lag(edge, 1, 0) OVER (ORDER BY edge) AS bin_start, edge AS bin_end FROM used
    )
    SELECT bin_start, bin_end FROM bins, span
    WHERE bin_start <= largest
    ORDER BY bin_start
"""  # noqa: S608 - of constants

_VALUE_BINS = "\nUNION ALL\n".join(
    f"({sums_by_bin(valued('sensitivities', 'horizons', str(weeks), str(rate)))})"
    for weeks in HORIZONS
    for rate in RATES
)

# Each may read those before it.
MODEL_TABLES: Mapping[str, str] = {
    "customers": _customers(),
    "sensitivities": _SENSITIVITIES,
    "value_edges": _VALUE_EDGES,
    "value_bins": f"{_VALUE_BINS} ORDER BY horizon, rate, cohort, bin_start",
}
