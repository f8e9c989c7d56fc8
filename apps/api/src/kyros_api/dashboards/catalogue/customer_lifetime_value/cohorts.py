"""Customers by the month of their first purchase: their value, and who came back."""

from kyros_api.dashboards.catalogue.customer_lifetime_value.choices import COHORT, HORIZON, RATE
from kyros_api.dashboards.catalogue.specification import Example, View

COHORTS = View(
    "What each cohort did, and what is expected of it",
    """
    SELECT cohort, sum(customers)::BIGINT AS customers, sum(orders)::BIGINT AS orders,
           sum(revenue) AS revenue, sum(active) AS active, sum(value) AS value
    FROM read_parquet($value_bins)
    WHERE horizon = $horizon AND rate = $rate
    GROUP BY cohort ORDER BY cohort
    """,
    Example(
        {
            "cohort": ["1997-01", "1997-02"],
            "customers": [7846, 8476],
            "orders": [23535, 24247],
            "revenue": [887157.5599999987, 886611.8099999975],
            "active": [6211.4579394424845, 6796.581695799786],
            "value": [274289.4359000006, 281738.86070000066],
        }
    ),
    HORIZON | RATE,
)

RETENTION = View(
    "How many of a cohort bought, month by month; month 0 is that of the first purchase",
    """
    SELECT cohort, month, customers, active_customers, revenue
    FROM read_parquet($cohort_months)
    WHERE $cohort IS NULL OR cohort = $cohort
    ORDER BY cohort, month
    """,
    Example(
        {
            "cohort": ["1997-03", "1997-03"],
            "month": [0, 1],
            "customers": [7248, 7248],
            "active_customers": [7248, 1032],
            "revenue": [279884.4899999902, 52921.289999999964],
        },
        {"cohort": "1997-03"},
    ),
    COHORT,
)

# Per customer acquired, whether or not they ever came back.
CUMULATIVE_VALUE = View(
    "What a customer acquired has brought, month by month",
    """
    SELECT cohort, month, customers,
           sum(revenue) OVER (PARTITION BY cohort ORDER BY month) / customers AS value_per_customer
    FROM read_parquet($cohort_months)
    WHERE $cohort IS NULL OR cohort = $cohort
    ORDER BY cohort, month
    """,
    Example(
        {
            "cohort": ["1997-03", "1997-03"],
            "month": [0, 1],
            "customers": [7248, 7248],
            "value_per_customer": [38.61540976821057, 45.916912251654274],
        },
        {"cohort": "1997-03"},
    ),
    COHORT,
)

VIEWS = {
    "cohorts": COHORTS,
    "retention": RETENTION,
    "cumulative_value": CUMULATIVE_VALUE,
}
