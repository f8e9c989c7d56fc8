"""What is added up of the accounts, so that views of the whole portfolio need not read it.

Each table of sums is by PD, of which there are few (``credit_risk_fit.rounded``): bands, stress
and LGD are then chosen by the reader, and the answer is that of the accounts themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from kyros_analytics.risk.labels import roundest
from kyros_api.modelling.model_tables import create, numbered
from kyros_api.storage.tenant_data import quote

if TYPE_CHECKING:
    import duckdb

    from kyros_api.modelling.credit_risk_plan import Plan

# own_loss is what is lost if all default that have an LGD of their own; open_exposure is that of
# the others.
_SUMS = """
    pd, count(*) AS accounts, count(*) FILTER (defaulted) AS defaults,
    sum(exposure) AS exposure, coalesce(sum(exposure) FILTER (defaulted), 0) AS defaulted_exposure,
    coalesce(sum(exposure * lgd), 0) AS own_loss,
    coalesce(sum(exposure) FILTER (lgd IS NULL), 0) AS open_exposure
"""

# Some twenty bins of a round width: 1, 2 or 5 times a power of ten.
_EXPOSURE_BINS = """
    WITH span AS (SELECT greatest(max(exposure), 1) / 20 AS raw FROM accounts),
    magnitude AS (SELECT raw, pow(10, floor(log10(raw))) AS unit FROM span),
    width AS (
        SELECT unit * CASE WHEN raw <= unit THEN 1 WHEN raw <= 2 * unit THEN 2
                           WHEN raw <= 5 * unit THEN 5 ELSE 10 END AS width
        FROM magnitude
    )
    SELECT floor(exposure / width) * width AS bin_start,
           (floor(exposure / width) + 1) * width AS bin_end,
           pd, defaulted, exposure, lgd
    FROM (SELECT pd, defaulted, exposure, lgd FROM accounts), width
"""

_NO_SEGMENTS = """(
    SELECT '' AS "column", '' AS value, pd, defaulted, exposure, lgd FROM accounts LIMIT 0
)"""
_SCORE_BINS = """(
    SELECT floor(score / 20) * 20 AS bin_start, pd, defaulted, exposure, lgd FROM accounts
)"""
_BY = '"column", value, pd'
_TOTALS = {
    "pd_totals": ("accounts", "pd"),
    "score_totals": (_SCORE_BINS, "bin_start, pd"),
    "exposure_totals": (f"({_EXPOSURE_BINS})", "bin_start, bin_end, pd"),
}


def _totals(source: str, by: str) -> str:
    names = by.removesuffix("pd")
    return f"SELECT {names}{_SUMS} FROM {source} GROUP BY {by} ORDER BY {by}"  # noqa: S608 - constants, and columns quoted


def write(database: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Make the tables of sums, and those of what a reader can choose by."""
    _write_segments(database, plan)
    _write_amounts(database)
    for name, (source, by) in _TOTALS.items():
        database.sql(_totals(source, by)).create(name)
    # One after the other, so that each is together; without segments it is empty, with its columns.
    database.sql(_totals(_NO_SEGMENTS, _BY)).create("segment_totals")
    for name in plan.segments:
        source = f'(SELECT ? AS "column", {quote(name)} AS value, * FROM accounts)'  # noqa: S608 - a column of the table's own
        database.execute(f"INSERT INTO segment_totals {_totals(source, _BY)}", [name])


def _write_segments(database: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    database.execute(
        'CREATE TABLE segments (position INTEGER, "column" VARCHAR, title VARCHAR, value VARCHAR,'
        " value_position INTEGER)"
    )
    rows = [
        (position, name, title, value, value_position)
        for position, (name, (title, values)) in enumerate(plan.segments.items(), start=1)
        for value_position, value in enumerate(values, start=1)
    ]
    if rows:
        database.executemany("INSERT INTO segments VALUES (?, ?, ?, ?, ?)", rows)


def _write_amounts(database: duckdb.DuckDBPyConnection) -> None:
    """Make five ranges of exposure or fewer, of about as many accounts each, with round edges."""
    fifths = database.execute(
        "SELECT quantile_disc(exposure, [0.2, 0.4, 0.6, 0.8]), max(exposure) FROM accounts"
    ).fetchall()
    quantiles, largest = fifths[0]
    edges = sorted({roundest(value * 0.75, value * 1.25) for value in quantiles or () if value > 0})
    edges = [0.0, *(edge for edge in edges if edge <= largest)]
    uppers: list[float | None] = [*edges[1:], None]
    names = [_range(lower, upper) for lower, upper in zip(edges, uppers, strict=True)]
    frame = pd.DataFrame({"name": names, "lower": edges, "upper": uppers})
    columns = "position INTEGER, name VARCHAR, lower DOUBLE, upper DOUBLE"
    create(database, "amounts", columns, numbered(frame))


def _range(lower: float, upper: float | None) -> str:
    if upper is None:
        return f"{lower:,.12g} or more" if lower else "All amounts"
    return f"{lower:,.12g} to under {upper:,.12g}" if lower else f"Under {upper:,.12g}"
