"""What the accounts say of credit risk.

Tables:
    accounts        account_id, exposure, defaulted, and the tenant's own attributes
    exposure_bins   bin_start, bin_end, accounts, defaults, exposure, defaulted_exposure
    segment_totals  segment_by (the attribute), segment (its value), accounts, defaults, exposure,
                    defaulted_exposure

The last two are added up when the data is put in place: see the module ``modelling.credit_risk``.

Exposure is what is owed, in the currency of the dashboard's configuration; the attributes by which
a portfolio can be cut are declared there as ``segments``.
"""

from kyros_api.dashboards.catalogue.specification import (
    ConfiguredSegment,
    DashboardData,
    Example,
    View,
)

SUMMARY = View(
    "The whole portfolio in one row",
    """
    SELECT coalesce(sum(accounts), 0)::BIGINT AS accounts,
           coalesce(sum(exposure), 0) AS exposure,
           coalesce(sum(defaults), 0)::BIGINT AS defaults,
           sum(defaults) / sum(accounts) AS default_rate,
           coalesce(sum(defaulted_exposure), 0) AS defaulted_exposure
    FROM read_parquet($exposure_bins)
    """,
    Example(
        {
            "accounts": [1000],
            "exposure": [3271258],
            "defaults": [300],
            "default_rate": [0.3],
            "defaulted_exposure": [1181438],
        }
    ),
)

# The interval is Wilson's (1927) at 95 %: it stays inside 0 to 1, and holds for small segments.
DEFAULT_RATE = View(
    "Default rate and exposure of each part of a segment",
    """
    WITH rates AS (
        SELECT *, defaults / accounts AS default_rate, 1.959964 AS z
        FROM read_parquet($segment_totals) WHERE segment_by = $by
    )
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
    Example(
        {
            "segment": ["Overdrawn", "0 to 199 DM"],
            "accounts": [274, 269],
            "defaults": [135, 105],
            "default_rate": [0.4927007299270073, 0.3903345724907063],
            "lower": [0.43401564748587906, 0.3339741893835576],
            "upper": [0.5515876529858876, 0.44978301437164986],
            "exposure": [870010, 1029614],
            "defaulted_exposure": [460837, 499249],
        },
        {"by": "checking_account"},
    ),
    {"by": ConfiguredSegment()},
)

EXPOSURE = View(
    "Accounts by what is owed, in bins of a round width",
    """
    SELECT bin_start, bin_end, accounts, defaults, exposure
    FROM read_parquet($exposure_bins) ORDER BY bin_start
    """,
    Example(
        {
            "bin_start": [0, 1000, 2000],
            "bin_end": [1000, 2000, 3000],
            "accounts": [116, 316, 188],
            "defaults": [37, 84, 45],
            "exposure": [83930, 463343, 462611],
        }
    ),
)

DATA = DashboardData(
    id="5d9c2e7a-8f34-4b61-b0e5-2a7f9c3d1e48",
    title="Risk Analysis",
    description="How much credit we stand to lose, on which accounts, and where it concentrates.",
    config={"warning_pd": 0.2, "critical_pd": 0.4},
    rows_table="accounts",
    key="account_id",
    views={"summary": SUMMARY, "default_rate": DEFAULT_RATE, "exposure": EXPOSURE},
    tables=("dataset", "accounts", "exposure_bins", "segment_totals"),
)
