"""What the accounts say of credit risk.

Table:
    accounts  account_id, exposure, defaulted, and the tenant's own attributes

Exposure is what is owed, in the currency of the dashboard's configuration; the attributes by which
a portfolio can be cut are declared there as ``segments``.
"""

from kyros_api.dashboards.catalogue.specification import DashboardData, Segment, View

SUMMARY = View(
    """
    SELECT count(*) AS accounts,
           coalesce(sum(exposure), 0) AS exposure,
           count(*) FILTER (defaulted) AS defaults,
           avg(defaulted::INTEGER) AS default_rate,
           coalesce(sum(exposure) FILTER (defaulted), 0) AS defaulted_exposure
    FROM read_parquet($accounts)
    """
)

# The interval is Wilson's (1927) at 95 %: it stays inside 0 to 1, and holds for small segments.
DEFAULT_RATE = View(
    """
    WITH counts AS (
        SELECT {segment}::VARCHAR AS segment,
               count(*) AS accounts,
               count(*) FILTER (defaulted) AS defaults,
               sum(exposure) AS exposure,
               coalesce(sum(exposure) FILTER (defaulted), 0) AS defaulted_exposure
        FROM read_parquet($accounts)
        GROUP BY 1
    ),
    rates AS (SELECT *, defaults / accounts AS default_rate, 1.959964 AS z FROM counts)
    SELECT segment, accounts, defaults, default_rate,
           (default_rate + z * z / (2 * accounts)
               - z * sqrt(default_rate * (1 - default_rate) / accounts
                          + z * z / (4 * accounts * accounts)))
               / (1 + z * z / accounts) AS lower,
           (default_rate + z * z / (2 * accounts)
               + z * sqrt(default_rate * (1 - default_rate) / accounts
                          + z * z / (4 * accounts * accounts)))
               / (1 + z * z / accounts) AS upper,
           exposure, defaulted_exposure
    FROM rates
    ORDER BY list_position($segment_order::VARCHAR[], segment) NULLS LAST, segment
    """,
    {"by": Segment()},
)

# Twenty bins of a round width: 1, 2 or 5 times a power of ten.
EXPOSURE = View(
    """
    WITH span AS (
        SELECT greatest(max(exposure), 1) / 20 AS raw FROM read_parquet($accounts)
    ),
    magnitude AS (SELECT raw, pow(10, floor(log10(raw))) AS unit FROM span),
    width AS (
        SELECT unit * CASE WHEN raw <= unit THEN 1 WHEN raw <= 2 * unit THEN 2
                           WHEN raw <= 5 * unit THEN 5 ELSE 10 END AS width
        FROM magnitude
    ),
    binned AS (
        SELECT floor(exposure / width)::BIGINT AS bin, width, exposure, defaulted
        FROM read_parquet($accounts), width
    )
    SELECT bin * width AS bin_start, (bin + 1) * width AS bin_end,
           count(*) AS accounts, count(*) FILTER (defaulted) AS defaults, sum(exposure) AS exposure
    FROM binned
    GROUP BY bin, width ORDER BY bin
    """
)

DATA = DashboardData(
    id="5d9c2e7a-8f34-4b61-b0e5-2a7f9c3d1e48",
    title="Risk Analysis",
    description="How much credit we stand to lose, on which accounts, and where it concentrates.",
    config={"warning_pd": 0.2, "critical_pd": 0.4},
    rows_table="accounts",
    key="account_id",
    views={"summary": SUMMARY, "default_rate": DEFAULT_RATE, "exposure": EXPOSURE},
)
