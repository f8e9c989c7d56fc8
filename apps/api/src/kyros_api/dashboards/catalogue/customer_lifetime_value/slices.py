"""Sums over the customers of a cohort and of a range of value, without reading the customers.

``value_bins`` holds what can be added, for every cohort, horizon, rate and bin of value. A segment
is bins that lie between its thresholds. Only where a threshold lies within a bin are the customers
read, those of that bin; with thresholds of 1, 2 or 5 times a power of ten there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kyros_api.dashboards.catalogue.customer_lifetime_value.choices import (
    BG_NBD,
    PARAMETERS,
    VALUE_OF_CUSTOMER,
)
from kyros_api.dashboards.catalogue.specification import Either

if TYPE_CHECKING:
    from collections.abc import Sequence

_OF_BUYING = ("r", "alpha")  # the parameters that "at least once" depends on, given active
# What can be added over customers: what they did, what is expected of them, its derivatives by the
# models' parameters, and its variance given the parameters. V = sum of discount x spend over the
# purchases: its second moment is that of single purchases and that of pairs.
_EXPECTED = {
    "active": "p_alive",
    "purchases": "p_alive * purchases",
    "buyers": "p_alive * buys",
    "value": "value",
    "purchases_variance": "p_alive * plain_second_moment - (p_alive * purchases) ** 2",
    # Each customer buys again or does not.
    "buyers_variance": "p_alive * buys * (1 - p_alive * buys)",
    "value_variance": """
        p_alive * (squared_discount * spend_square
                   + (second_moment - squared_discount) * spend_product) - value ** 2
    """,
    **{
        f"d_purchases_{name}": f"d_alive_{name} * purchases + p_alive * d_purchases_{name}"
        for name in BG_NBD
    },
    **{
        f"d_buyers_{name}": f"d_alive_{name} * buys"
        + (f" + p_alive * d_buys_{name}" if name in _OF_BUYING else "")
        for name in BG_NBD
    },
    **{
        f"d_value_{name}": f"""
            expected_spend * (d_alive_{name} * discounted + p_alive * d_discounted_{name})
        """
        if name in BG_NBD
        else f"p_alive * discounted * d_spend_{name}"
        for name in PARAMETERS
    },
}
# How each column of ``value_bins`` is made of the rows of :data:`VALUED`.
SUMS = {
    "customers": "count(*)",
    "repeat_customers": "count(*) FILTER (orders > 1)",
    "orders": "sum(orders)::BIGINT",
    "revenue": "sum(total_spend)",
    "first_purchase": "min(first_purchase)",
    "last_purchase": "max(last_purchase)",
} | {name: f"sum({sql})" for name, sql in _EXPECTED.items()}
_SUMS = ", ".join(f"{sql} AS {name}" for name, sql in SUMS.items())
_COLUMNS = ", ".join(SUMS)


# Own data stay as they were put in place. Those of before format 2 know nothing of buyers, and have
# an unknown number of them: the name of a column that is not there would be an error.
_BUYING = ("buys", *(f"d_buys_{name}" for name in _OF_BUYING))
_BUYERS = tuple(name for name in SUMS if "buyers" in name)


def _with_unknown(table: str, columns: Sequence[str]) -> str:
    """Return the SQL of a table that has these columns, whether the file has them or not."""
    unknown = ", ".join(f"NULL::DOUBLE AS {name}" for name in columns)
    return f"""
        (FROM read_parquet(${table}) UNION ALL BY NAME SELECT {unknown} WHERE false)
    """


def valued(sensitivities: str, horizons: str, horizon: str, rate: str) -> str:
    """Return the SQL of every customer with what is expected at a horizon and rate.

    Args:
        sensitivities: the table of what the sums need, one row a customer.
        horizons: the table of what active customers of a history will buy.
        horizon: in weeks, as SQL.
        rate: per cent a year, as SQL.
    """
    return f"""
        SELECT * EXCLUDE (horizon, rate), {horizon} AS horizon, {rate} AS rate,
               {VALUE_OF_CUSTOMER} AS value
        FROM {sensitivities}
        LEFT JOIN (SELECT * FROM {horizons} WHERE horizon = {horizon} AND rate = {rate})
            USING (frequency, age_days)
    """  # noqa: S608 - of constants


def sums_by_bin(source: str) -> str:
    """Return the SQL of the sums of valued customers, by cohort and bin of ``value_edges``."""
    # A join of the customers with the edges would take five times as long.
    return f"""
        WITH edges AS (SELECT list(bin_start ORDER BY bin_start) AS starts FROM value_edges),
        binned AS (
            SELECT *, list_last(list_filter(starts, lambda start: start <= value)) AS bin_start
            FROM ({source}), edges
        ),
        summed AS (
            SELECT horizon, rate, cohort, bin_start, {_SUMS} FROM binned GROUP BY ALL
        )
        SELECT horizon, rate, cohort, bin_start, bin_end, {_COLUMNS}
        FROM summed LEFT JOIN value_edges USING (bin_start)
    """  # noqa: S608 - of constants


_VALUED = valued(
    "read_parquet($sensitivities)", _with_unknown("horizons", _BUYING), "$horizon", "$rate"
)

_CUT = """
    bin_start < upper AND bin_end > lower AND NOT (bin_start >= lower AND bin_end <= upper)
"""

ONE_SEGMENT = """
    SELECT 'all' AS segment, -'infinity'::DOUBLE AS lower, 'infinity'::DOUBLE AS upper
    WHERE $segment IS NULL
    UNION ALL
    SELECT $segment,
           CASE $segment WHEN 'high' THEN $high::DOUBLE WHEN 'medium' THEN $medium::DOUBLE
                ELSE -'infinity'::DOUBLE END,
           CASE $segment WHEN 'low' THEN $medium::DOUBLE WHEN 'medium' THEN $high::DOUBLE
                ELSE 'infinity'::DOUBLE END
    WHERE $segment IS NOT NULL
"""
ALL_SEGMENTS = """
    VALUES ('high', $high::DOUBLE, 'infinity'::DOUBLE),
           ('medium', $medium::DOUBLE, $high::DOUBLE),
           ('low', -'infinity'::DOUBLE, $medium::DOUBLE)
"""


def slices(segments: str, wanted: Sequence[str] = tuple(SUMS)) -> str:
    """Return a WITH clause whose ``parts`` are the sums by segment, cohort and bin.

    The view must have :func:`cut_bins` of the same arguments as its phrase ``parts``.

    Args:
        segments: SQL of the segments that are wanted, with their lower and upper bounds.
        wanted: the columns of :data:`SUMS`; planning each takes longer than adding it up.
    """
    columns = ", ".join(wanted)
    return f"""
    WITH {_bounds_and_bins(segments, [name for name in _BUYERS if name in wanted])},
    -- Customers without a value are in a bin of NULL, which belongs to all and to no segment.
    whole AS (
        SELECT segment, cohort, bin_start, bin_end, {columns}
        FROM bins JOIN bounds ON coalesce(bin_start, -'infinity'::DOUBLE) >= lower
                             AND coalesce(bin_end, 'infinity'::DOUBLE) <= upper
    ),
    {{parts}}
    """  # noqa: S608 - of constants


def cut_bins(segments: str, wanted: Sequence[str] = tuple(SUMS)) -> dict[str, Either]:
    """Return the phrase ``parts``: with the customers of the bins that a threshold cuts, if any."""
    sums = ", ".join(f"{SUMS[name]} AS {name}" for name in wanted)
    # Of all bins, whatever cohort, horizon and rate are wanted: so it is asked once.
    question = f"""
    WITH bounds(segment, lower, upper) AS ({segments})
    SELECT count(*) > 0
    FROM (SELECT DISTINCT bin_start, bin_end FROM read_parquet($value_bins)) JOIN bounds ON {_CUT}
    """  # noqa: S608 - of constants
    partly = f"""
    cut AS (
        SELECT DISTINCT segment, bin_start, bin_end,
               greatest(bin_start, lower) AS lower, least(bin_end, upper) AS upper
        FROM bins JOIN bounds ON {_CUT}
    ),
    partly AS (
        SELECT segment, cohort, bin_start, bin_end, {sums}
        FROM ({_VALUED}) JOIN cut ON value >= lower AND value < upper
        WHERE $cohort IS NULL OR cohort = $cohort
        GROUP BY ALL
    ),
    parts AS (FROM whole UNION ALL FROM partly)
    """  # noqa: S608 - of constants
    return {"parts": Either(question, partly, "parts AS (FROM whole)")}


def _bounds_and_bins(segments: str, unknown: Sequence[str]) -> str:
    bins = _with_unknown("value_bins", unknown) if unknown else "read_parquet($value_bins)"
    return f"""
    bounds(segment, lower, upper) AS ({segments}),
    bins AS (
        SELECT * FROM {bins}
        WHERE horizon = $horizon AND rate = $rate AND ($cohort IS NULL OR cohort = $cohort)
    )
    """  # noqa: S608 - of constants
