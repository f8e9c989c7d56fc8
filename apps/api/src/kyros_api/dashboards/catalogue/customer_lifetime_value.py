"""What the purchases say of customers' value.

Tables:
    transactions  customer_id, date, quantity, spend
    customers     customer_id, cohort (month of first purchase, YYYY-MM), first_purchase,
                  last_purchase, orders, quantity, total_spend, average_order_value
    cohorts       cohort, customers, repeat_customers, orders, revenue, first_purchase,
                  last_purchase
    cohort_months cohort, month (0 is that of the first purchase), customers, orders, revenue
    concentration cohort (NULL is all), percent of customers, biggest first, revenue_share
    order_counts  cohort, orders (10 is ten or more), customers, revenue

The last four are added up when the data is put in place: see ``modelling.customer_value``.

An order is all that one customer bought on one day, as the papers on this data count it. Money is
in the currency of the dashboard's configuration.
"""

from kyros_api.dashboards.catalogue.specification import Choice, DashboardData, Example, View

_COHORT = {"cohort": Choice("SELECT cohort FROM read_parquet($cohorts) ORDER BY cohort")}

SUMMARY = View(
    "All customers in one row",
    """
    SELECT coalesce(sum(customers), 0)::BIGINT AS customers,
           coalesce(sum(orders), 0)::BIGINT AS orders,
           coalesce(sum(revenue), 0) AS revenue,
           coalesce(sum(repeat_customers), 0)::BIGINT AS repeat_customers,
           sum(revenue) / sum(orders) AS average_order_value,
           min(first_purchase) AS first_date,
           max(last_purchase) AS last_date
    FROM read_parquet($cohorts) WHERE $cohort IS NULL OR cohort = $cohort
    """,
    Example(
        {
            "customers": [7248],
            "orders": [19809],
            "revenue": [726546.26],
            "repeat_customers": [3565],
            "average_order_value": [36.677583926497626],
            "first_date": ["1997-03-01"],
            "last_date": ["1998-06-30"],
        },
        {"cohort": "1997-03"},
    ),
    _COHORT,
)

COHORTS = View(
    "Customers, orders and revenue of each cohort",
    """
    SELECT cohort, customers, orders, revenue FROM read_parquet($cohorts) ORDER BY cohort
    """,
    Example(
        {
            "cohort": ["1997-01", "1997-02", "1997-03"],
            "customers": [7846, 8476, 7248],
            "orders": [23535, 24247, 19809],
            "revenue": [887157.56, 886611.81, 726546.26],
        }
    ),
)

CONCENTRATION = View(
    "What share of revenue the best customers bring, percent by percent",
    """
    SELECT percent / 100 AS customer_share, revenue_share
    FROM read_parquet($concentration)
    WHERE cohort IS NOT DISTINCT FROM $cohort
    ORDER BY percent
    """,
    Example(
        {
            "customer_share": [0, 0.01, 0.02],
            "revenue_share": [0, 0.1583899749488838, 0.23018298293803957],
        }
    ),
    _COHORT,
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
            "cohort": ["1997-03", "1997-03", "1997-03"],
            "month": [0, 1, 2],
            "customers": [7248, 7248, 7248],
            "value_per_customer": [38.615409768210704, 45.9169122516544, 50.69798013244911],
        },
        {"cohort": "1997-03"},
    ),
    _COHORT,
)

ORDERS_PER_CUSTOMER = View(
    "Customers by how often they ordered; ten stands for ten and more",
    """
    SELECT orders, sum(customers)::BIGINT AS customers, sum(revenue) AS revenue
    FROM read_parquet($order_counts)
    WHERE $cohort IS NULL OR cohort = $cohort
    GROUP BY orders ORDER BY orders
    """,
    Example(
        {
            "orders": [1, 2, 3],
            "customers": [12054, 4040, 2205],
            "revenue": [367602.29, 270129.63, 229597.26],
        }
    ),
    _COHORT,
)

DATA = DashboardData(
    id="0b6f7f5e-52a1-4d0c-9a2b-6c1d4e8f7a10",
    title="Customer Lifetime Value",
    description=(
        "What our customers are worth, where their value is concentrated, and how it grows."
    ),
    config={"value_thresholds": {"high": 500, "medium": 100}},
    rows_table="customers",
    key="customer_id",
    views={
        "summary": SUMMARY,
        "cohorts": COHORTS,
        "concentration": CONCENTRATION,
        "cumulative_value": CUMULATIVE_VALUE,
        "orders_per_customer": ORDERS_PER_CUSTOMER,
    },
    tables=(
        "dataset",
        "transactions",
        "customers",
        "cohorts",
        "cohort_months",
        "concentration",
        "order_counts",
    ),
)
