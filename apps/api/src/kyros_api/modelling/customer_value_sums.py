"""What is added up of purchases before anybody asks; no model is needed for it.

These tables hardly grow with the number of customers. The views read them, and so they are as
quick for a million as for a thousand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# One customer's purchases lie together, so that a question about one reads a small part.
TRANSACTIONS = "SELECT * FROM transactions ORDER BY customer_id, date, spend, quantity"

# ``number`` stands for the customer where only numbers are wanted.
PEOPLE = """
    SELECT row_number() OVER (ORDER BY customer_id) - 1 AS number,
           customer_id,
           strftime(min(date), '%Y-%m') AS cohort,
           min(date) AS first_purchase,
           max(date) AS last_purchase,
           count(DISTINCT date) AS orders,
           sum(quantity)::BIGINT AS quantity,
           round(sum(spend), 2) AS total_spend,
           round(sum(spend) / count(DISTINCT date), 2) AS average_order_value
    FROM transactions
    GROUP BY customer_id ORDER BY customer_id
"""

_COHORTS = """
    SELECT cohort,
           count(*) AS customers,
           count(*) FILTER (orders > 1) AS repeat_customers,
           sum(orders)::BIGINT AS orders,
           sum(total_spend) AS revenue,
           min(first_purchase) AS first_purchase,
           max(last_purchase) AS last_purchase
    FROM people
    GROUP BY cohort ORDER BY cohort
"""

# A row for each month from a cohort's first to the last in the data, also where nobody bought.
_COHORT_MONTHS = """
    WITH months AS (
        SELECT cohort, customers,
               unnest(range(datediff('month', first_purchase, last) + 1)) AS month
        FROM cohorts, (SELECT max(date) AS last FROM transactions)
    ),
    bought AS (
        SELECT cohort, datediff('month', first_purchase, date) AS month,
               count(DISTINCT (customer_id, date)) AS orders,
               count(DISTINCT customer_id) AS active_customers,
               sum(spend) AS revenue
        FROM transactions JOIN people USING (customer_id)
        GROUP BY ALL
    )
    SELECT cohort, month, customers,
           coalesce(orders, 0) AS orders, coalesce(active_customers, 0) AS active_customers,
           coalesce(revenue, 0) AS revenue
    FROM months LEFT JOIN bought USING (cohort, month)
    ORDER BY cohort, month
"""

# A cohort of NULL is all of them. Customers by spend, biggest first, those who spent the same as
# one group: sorting the groups takes a fraction of sorting the customers. The curve at a percent is
# the spend of so many customers: of all the groups before, and of as many as are needed of the
# group that the percent falls into.
_CONCENTRATION = """
    WITH spending AS (
        SELECT cohort, total_spend AS spend, count(*) AS customers
        FROM people GROUP BY GROUPING SETS ((cohort, total_spend), (total_spend))
    ),
    so_far AS (
        SELECT coalesce(cohort, '') AS name, spend,
               sum(customers) OVER biggest - customers AS before,
               sum(spend * customers) OVER biggest - spend * customers AS spend_before
        FROM spending
        WINDOW biggest AS (
            PARTITION BY cohort ORDER BY spend DESC ROWS UNBOUNDED PRECEDING
        )
    ),
    points AS (
        SELECT coalesce(cohort, '') AS name, cohort, percent,
               sum(customers) * percent // 100 AS rank, sum(spend * customers) AS revenue
        FROM spending, range(101) AS percents(percent)
        GROUP BY cohort, percent
    )
    SELECT cohort, percent::INTEGER AS percent,
           coalesce((spend_before + (rank - before) * spend) / nullif(revenue, 0), 0)
               AS revenue_share
    FROM points ASOF LEFT JOIN so_far ON points.name = so_far.name AND rank > before
    ORDER BY cohort NULLS FIRST, percent
"""

# Of the tables ``transactions`` and ``people``; each may read those before it.
SUMS: Mapping[str, str] = {
    "cohorts": _COHORTS,
    "cohort_months": _COHORT_MONTHS,
    "concentration": _CONCENTRATION,
}
