"""What customers are worth: key figures, segments, and how value is spread."""

import itertools

from kyros_api.dashboards.catalogue.customer_lifetime_value.choices import (
    BG_NBD,
    COHORT,
    HORIZON,
    PARAMETERS,
    RATE,
    SEGMENT,
    THRESHOLDS,
)
from kyros_api.dashboards.catalogue.customer_lifetime_value.slices import (
    ALL_SEGMENTS,
    ONE_SEGMENT,
    cut_bins,
    slices,
)
from kyros_api.dashboards.catalogue.specification import Example, View

_BY_SEGMENT = ("customers", "active", "purchases", "value", "revenue")
_BY_VALUE = ("customers", "value")
_ADDED = (
    *("active", "purchases", "buyers", "value"),
    *("purchases_variance", "buyers_variance", "value_variance"),
)
_GRADIENTS = {
    "buyers": [f"d_buyers_{name}" for name in BG_NBD],
    "purchases": [f"d_purchases_{name}" for name in BG_NBD],
    "value": [f"d_value_{name}" for name in PARAMETERS],
}
_TOTALS = ", ".join(
    f"sum({name}) AS {name}" for name in (*_ADDED, *itertools.chain(*_GRADIENTS.values()))
)


# The variance of a total is that of chance and that of the parameters (delta method): g' C g with
# the derivatives g by the parameters. A list has NULL beyond its end, and a sum passes over it, so
# purchases take their part of the covariances. One join for all: planning a subquery for each took
# longer than planning all the rest.
_OF_PARAMETERS = f"""
    SELECT sum(covariance * of_purchases[row] * of_purchases[col]) AS purchases_of_parameters,
           sum(covariance * of_buyers[row] * of_buyers[col]) AS buyers_of_parameters,
           sum(covariance * of_value[row] * of_value[col]) AS value_of_parameters
    FROM read_parquet($parameter_covariance), (
        SELECT [{", ".join(_GRADIENTS["purchases"])}] AS of_purchases,
               [{", ".join(_GRADIENTS["buyers"])}] AS of_buyers,
               [{", ".join(_GRADIENTS["value"])}] AS of_value
        FROM totals
    )
"""  # noqa: S608 - of constants

# An interval holds what is to come with 95 %: the parameters are uncertain, and so is chance.
SUMMARY = View(
    "Customers in one row: what they did, and what is expected of them, with 95 % intervals",
    f"""
    {slices(ONE_SEGMENT)},
    totals AS (
        SELECT coalesce(sum(customers), 0)::BIGINT AS customers,
               coalesce(sum(orders), 0)::BIGINT AS orders,
               coalesce(sum(revenue), 0) AS revenue,
               coalesce(sum(repeat_customers), 0)::BIGINT AS repeat_customers,
               sum(revenue) / sum(orders) AS average_order_value,
               min(first_purchase) AS first_date, max(last_purchase) AS last_date, {_TOTALS}
        FROM parts
    ),
    of_parameters AS ({_OF_PARAMETERS}),
    spread AS (
        SELECT *, 1.959964 * sqrt(purchases_variance + purchases_of_parameters) AS purchases_width,
               1.959964 * sqrt(buyers_variance + buyers_of_parameters) AS buyers_width,
               1.959964 * sqrt(value_variance + value_of_parameters) AS value_width
        FROM totals, of_parameters
    )
    SELECT customers, orders, revenue, repeat_customers, average_order_value, first_date, last_date,
           active, purchases,
           CASE WHEN purchases_width > purchases THEN 0 ELSE purchases - purchases_width END
               AS purchases_lower,
           purchases + purchases_width AS purchases_upper,
           buyers, CASE WHEN buyers_width > buyers THEN 0 ELSE buyers - buyers_width END
               AS buyers_lower,
           CASE WHEN buyers + buyers_width > customers THEN customers
                ELSE buyers + buyers_width END AS buyers_upper,
           value,
           CASE WHEN isfinite(value_width) THEN greatest(0, value - value_width) END
               AS value_lower,
           CASE WHEN isfinite(value_width) THEN value + value_width END AS value_upper
    FROM spread
    """,  # noqa: S608 - of constants
    Example(
        {
            "customers": [7248],
            "orders": [19809],
            "revenue": [726546.260000001],
            "repeat_customers": [3565],
            "average_order_value": [36.67758392649811],
            "first_date": ["1997-03-01"],
            "last_date": ["1998-06-30"],
            "active": [5776.293281769184],
            "purchases": [6435.579189272905],
            "purchases_lower": [6158.689605229391],
            "purchases_upper": [6712.468773316418],
            "buyers": [2065.7181394318127],
            "buyers_lower": [1998.94011284736],
            "buyers_upper": [2132.4961660162653],
            "value": [234701.06839999964],
            "value_lower": [221987.37070409092],
            "value_upper": [247414.76609590836],
        },
        {"cohort": "1997-03"},
    ),
    COHORT | SEGMENT | HORIZON | RATE,
    THRESHOLDS,
    cut_bins(ONE_SEGMENT),
)

SEGMENTS = View(
    "Customers of high, medium and low expected value",
    f"""
    {slices(ALL_SEGMENTS, _BY_SEGMENT)}
    SELECT segment, nullif(lower, -'infinity'::DOUBLE) AS threshold,
           coalesce(sum(customers), 0)::BIGINT AS customers,
           coalesce(sum(active), 0) AS active,
           coalesce(sum(purchases), 0) AS purchases,
           coalesce(sum(value), 0) AS value,
           coalesce(sum(revenue), 0) AS revenue
    FROM bounds LEFT JOIN parts USING (segment)
    GROUP BY segment, lower, upper
    ORDER BY upper DESC
    """,  # noqa: S608 - of constants
    Example(
        {
            "segment": ["high", "medium"],
            "threshold": [100.0, 20.0],
            "customers": [1784, 4494],
            "active": [1541.7008746789852, 3228.9608790913326],
            "purchases": [10252.484149407474, 7137.227304893007],
            "value": [461818.23640000017, 211968.11239999998],
            "revenue": [1021441.58, 682074.6999999996],
        }
    ),
    COHORT | HORIZON | RATE,
    THRESHOLDS,
    cut_bins(ALL_SEGMENTS, _BY_SEGMENT),
)

VALUE_DISTRIBUTION = View(
    "Customers and their expected value, by ranges of value with round edges",
    f"""
    {slices(ONE_SEGMENT, _BY_VALUE)}
    SELECT bin_start, bin_end, sum(customers)::BIGINT AS customers, sum(value) AS value
    FROM parts WHERE bin_start IS NOT NULL
    GROUP BY bin_start, bin_end ORDER BY bin_start
    """,  # noqa: S608 - of constants
    Example(
        {
            "bin_start": [0.0, 5.0],
            "bin_end": [5.0, 10.0],
            "customers": [1527, 13547],
            "value": [4518.696199999999, 80543.35250000091],
        }
    ),
    COHORT | SEGMENT | HORIZON | RATE,
    THRESHOLDS,
    cut_bins(ONE_SEGMENT, _BY_VALUE),
)

CONCENTRATION = View(
    "What share of revenue the best customers bring, percent by percent",
    """
    SELECT percent / 100 AS customer_share, revenue_share
    FROM read_parquet($concentration)
    WHERE cohort IS NOT DISTINCT FROM $cohort
    ORDER BY percent
    """,
    Example({"customer_share": [0.0, 0.01], "revenue_share": [0.0, 0.15838997494888316]}),
    COHORT,
)

VIEWS = {
    "summary": SUMMARY,
    "segments": SEGMENTS,
    "value_distribution": VALUE_DISTRIBUTION,
    "concentration": CONCENTRATION,
}
