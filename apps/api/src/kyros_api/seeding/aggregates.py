"""What is added up of a tenant's tables when they are put in place.

These tables hardly grow with the number of customers or accounts. The views read nothing else, and
so they are as quick for a million as for a thousand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_COHORTS = """
    SELECT cohort,
           count(*) AS customers,
           count(*) FILTER (orders > 1) AS repeat_customers,
           sum(orders)::BIGINT AS orders,
           sum(total_spend) AS revenue,
           min(first_purchase) AS first_purchase,
           max(last_purchase) AS last_purchase
    FROM customers
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
               count(DISTINCT (customer_id, date)) AS orders, sum(spend) AS revenue
        FROM transactions JOIN customers USING (customer_id)
        GROUP BY ALL
    )
    SELECT cohort, month, customers,
           coalesce(orders, 0) AS orders, coalesce(revenue, 0) AS revenue
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
        FROM customers GROUP BY GROUPING SETS ((cohort, total_spend), (total_spend))
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

_ORDER_COUNTS = """
    SELECT cohort, least(orders, 10)::INTEGER AS orders,
           count(*) AS customers, sum(total_spend) AS revenue
    FROM customers
    GROUP BY ALL ORDER BY ALL
"""

# Of the tables ``transactions`` and ``customers``; each may read those before it.
CUSTOMER_VALUE: Mapping[str, str] = {
    "cohorts": _COHORTS,
    "cohort_months": _COHORT_MONTHS,
    "concentration": _CONCENTRATION,
    "order_counts": _ORDER_COUNTS,
}

# Twenty bins of a round width: 1, 2 or 5 times a power of ten.
_EXPOSURE_BINS = """
    WITH span AS (SELECT greatest(max(exposure), 1) / 20 AS raw FROM accounts),
    magnitude AS (SELECT raw, pow(10, floor(log10(raw))) AS unit FROM span),
    width AS (
        SELECT unit * CASE WHEN raw <= unit THEN 1 WHEN raw <= 2 * unit THEN 2
                           WHEN raw <= 5 * unit THEN 5 ELSE 10 END AS width
        FROM magnitude
    ),
    binned AS (
        SELECT floor(exposure / width)::BIGINT AS bin, width, exposure, defaulted
        FROM accounts, width
    )
    SELECT bin * width AS bin_start, (bin + 1) * width AS bin_end,
           count(*) AS accounts, count(*) FILTER (defaulted) AS defaults,
           sum(exposure) AS exposure,
           coalesce(sum(exposure) FILTER (defaulted), 0) AS defaulted_exposure
    FROM binned
    GROUP BY bin, width ORDER BY bin
"""


def credit_risk(segments: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return what is added up of ``accounts``.

    Args:
        segments: the columns by which the portfolio can be cut, as a dashboard's settings have it.
    """
    totals = "\n    UNION ALL\n".join(_SEGMENT_TOTALS.format(**segment) for segment in segments)
    return {"exposure_bins": _EXPOSURE_BINS, "segment_totals": totals}


_SEGMENT_TOTALS = """
    SELECT '{column}' AS segment_by, "{column}"::VARCHAR AS segment,
           count(*) AS accounts, count(*) FILTER (defaulted) AS defaults,
           sum(exposure) AS exposure,
           coalesce(sum(exposure) FILTER (defaulted), 0) AS defaulted_exposure
    FROM accounts GROUP BY ALL
"""
