"""Credit risk: from accounts to the portfolio's sums, and what the score says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kyros_api.modelling.preparation import InputColumn, Options, Preparation, Report

if TYPE_CHECKING:
    import duckdb

COLUMNS = (
    InputColumn("account_id", "text", "What the account is called.", unique=True),
    InputColumn("exposure", "number", "What is owed, in the currency of the data.", minimum=0),
    InputColumn("defaulted", "boolean", "Whether it has defaulted."),
    InputColumn(
        "lgd",
        "number",
        "The share that is lost when it defaults; empty: that of the dashboard's settings.",
        required=False,
        minimum=0,
        maximum=1,
    ),
)

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


_SEGMENT_TOTALS = """
    SELECT '{column}' AS segment_by, "{column}"::VARCHAR AS segment,
           count(*) AS accounts, count(*) FILTER (defaulted) AS defaults,
           sum(exposure) AS exposure,
           coalesce(sum(exposure) FILTER (defaulted), 0) AS defaulted_exposure
    FROM accounts GROUP BY ALL
"""


def build(database: duckdb.DuckDBPyConnection, options: Options, report: Report) -> None:
    """Make all tables of the dashboard from ``accounts``."""
    report("Adding up accounts")
    database.sql(_EXPOSURE_BINS).create("exposure_bins")
    totals = [_SEGMENT_TOTALS.format(**segment) for segment in options.segments]
    database.sql("\n    UNION ALL\n".join(totals)).create("segment_totals")


PREPARATION = Preparation(
    slug="risk-analysis",
    table="accounts",
    unit="accounts",
    columns=COLUMNS,
    build=build,
    other_columns=True,
    reserved=("pd", "score"),
)
