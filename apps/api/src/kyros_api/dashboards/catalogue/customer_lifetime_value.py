"""What the purchases say of customers' value.

Tables:
    transactions  customer_id, date, quantity, spend
    customers     customer_id, cohort (month of first purchase, YYYY-MM), first_purchase,
                  last_purchase, orders, quantity, total_spend, average_order_value

An order is all that one customer bought on one day, as the papers on this data count it. Money is
in the currency of the dashboard's configuration.
"""

from kyros_api.dashboards.catalogue.specification import Choice, DashboardData, View

_COHORT = {"cohort": Choice("SELECT DISTINCT cohort FROM read_parquet($customers) ORDER BY cohort")}
_CUSTOMERS = "(FROM read_parquet($customers) WHERE $cohort IS NULL OR cohort = $cohort)"

SUMMARY = View(
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
    _COHORT,
)

COHORTS = View(
    """
    SELECT cohort, count(*) AS customers, sum(orders)::BIGINT AS orders, sum(total_spend) AS revenue
    FROM read_parquet($customers)
    GROUP BY cohort ORDER BY cohort
    """
)

# Customers by spend, biggest first. Each falls into the whole percent that its rank reaches, so the
# largest sum so far within a percent is the curve at that percent.
CONCENTRATION = View(
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
    _COHORT,
)

# Per customer acquired, whether or not they ever came back.
CUMULATIVE_VALUE = View(
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
    _COHORT,
)

ORDERS_PER_CUSTOMER = View(
    f"""
    SELECT least(orders, 10)::INTEGER AS orders, count(*) AS customers, sum(total_spend) AS revenue
    FROM {_CUSTOMERS}
    GROUP BY 1 ORDER BY 1
    """,  # noqa: S608
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
