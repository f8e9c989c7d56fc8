"""What the purchases say of customers' value.

Tables:
    transactions  customer_id, date, quantity, spend
    customers     customer_id, cohort (month of first purchase, YYYY-MM), first_purchase,
                  last_purchase, orders, quantity, total_spend, average_order_value

An order is all that one customer bought on one day, as the papers on this data count it. Money is
in the currency of the dashboard's configuration.
"""

from kyros_api.dashboards.catalogue.specification import Choice, DashboardData, Example, View

_COHORT = {"cohort": Choice("SELECT DISTINCT cohort FROM read_parquet($customers) ORDER BY cohort")}
_CUSTOMERS = "(FROM read_parquet($customers) WHERE $cohort IS NULL OR cohort = $cohort)"

SUMMARY = View(
    "All customers in one row",
    f"""
    SELECT count(*) AS customers,
           coalesce(sum(orders), 0)::BIGINT AS orders,
           coalesce(sum(total_spend), 0) AS revenue,
           count(*) FILTER (orders > 1) AS repeat_customers,
           sum(total_spend) / sum(orders) AS average_order_value,
           min(first_purchase) AS first_date,
           max(last_purchase) AS last_date
    FROM {_CUSTOMERS}
    """,  # noqa: S608 - a constant of this module
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
    SELECT cohort, count(*) AS customers, sum(orders)::BIGINT AS orders, sum(total_spend) AS revenue
    FROM read_parquet($customers)
    GROUP BY cohort ORDER BY cohort
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

# Customers by spend, biggest first. Each falls into the whole percent that its rank reaches, so the
# largest sum so far within a percent is the curve at that percent.
CONCENTRATION = View(
    "What share of revenue the best customers bring, percent by percent",
    f"""
    WITH ranked AS (
        SELECT row_number() OVER spending AS rank,
               sum(total_spend) OVER spending AS spend_so_far,
               count(*) OVER () AS customers,
               sum(total_spend) OVER () AS revenue
        FROM {_CUSTOMERS}
        WINDOW spending AS (ORDER BY total_spend DESC, customer_id ROWS UNBOUNDED PRECEDING)
    ),
    reached AS (
        SELECT ceil(100 * rank / customers)::INTEGER AS percent,
               max(spend_so_far / nullif(revenue, 0)) AS revenue_share
        FROM ranked GROUP BY 1
    )
    SELECT 0 AS customer_share, 0 AS revenue_share FROM (SELECT 1 FROM reached LIMIT 1)
    UNION ALL
    SELECT percent / 100, revenue_share FROM reached
    ORDER BY 1
    """,  # noqa: S608
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
    WITH chosen AS (
        SELECT customer_id, cohort, date_trunc('month', first_purchase) AS start
        FROM read_parquet($customers)
        WHERE $cohort IS NULL OR cohort = $cohort
    ),
    last_month AS (
        SELECT date_trunc('month', max(date)) AS last FROM read_parquet($transactions)
    ),
    cohorts AS (
        SELECT cohort, start, count(*) AS customers FROM chosen GROUP BY ALL
    ),
    months AS (
        SELECT cohort, customers, unnest(range(datediff('month', start, last) + 1)) AS month
        FROM cohorts, last_month
    ),
    revenue AS (
        SELECT cohort, datediff('month', start, date) AS month, sum(spend) AS revenue
        FROM read_parquet($transactions) JOIN chosen USING (customer_id)
        GROUP BY ALL
    )
    SELECT cohort, month, customers,
           sum(coalesce(revenue, 0)) OVER (PARTITION BY cohort ORDER BY month) / customers
               AS value_per_customer
    FROM months LEFT JOIN revenue USING (cohort, month)
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
    f"""
    SELECT least(orders, 10)::INTEGER AS orders, count(*) AS customers, sum(total_spend) AS revenue
    FROM {_CUSTOMERS}
    GROUP BY 1 ORDER BY 1
    """,  # noqa: S608
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
)
