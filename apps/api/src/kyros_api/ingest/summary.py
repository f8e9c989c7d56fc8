"""What a version of data holds, in a few lines for the person who brought it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

import duckdb

if TYPE_CHECKING:
    from pathlib import Path

    from kyros_api.modelling.preparation import Preparation

_FACTS = {
    "transactions": """
        SELECT 'Purchases', format('{:,}', count(*)) FROM read_parquet($table)
        UNION ALL
        SELECT 'Customers', format('{:,}', count(DISTINCT customer_id)) FROM read_parquet($table)
        UNION ALL
        SELECT 'Period', format('{} to {}', min(date), max(date)) FROM read_parquet($table)
        UNION ALL
        SELECT 'Spend', trim(format('{:,.2f} {}', sum(spend), $currency)) FROM read_parquet($table)
    """,
    "accounts": """
        SELECT 'Accounts', format('{:,}', count(*)) FROM read_parquet($table)
        UNION ALL
        SELECT 'Defaulted', format('{:,} ({:.1f} %)', count(*) FILTER (defaulted),
                                   100 * avg(defaulted::INTEGER)) FROM read_parquet($table)
        UNION ALL
        SELECT 'Exposure', trim(format('{:,.2f} {}', sum(exposure), $currency))
        FROM read_parquet($table)
    """,
}


class Measure(NamedTuple):
    """A parameter or a metric, with its 95 % interval where there is one."""

    name: str
    value: float | None
    lower: float | None
    upper: float | None


class Result(NamedTuple):
    """What a version holds.

    Attributes:
        facts: names and texts.
        parameters: of the models.
        metrics: of how good they are.
        warnings: sentences.
        variables: what a score is made of, in one text; empty where there is none.
    """

    facts: list[tuple[str, str]]
    parameters: list[Measure]
    metrics: list[Measure]
    warnings: list[str]
    variables: str


def read_result(folder: Path, preparation: Preparation) -> Result:
    """Read what a version says of itself."""
    with closing(duckdb.connect(":memory:")) as database:

        def rows(table: str, sql: str, **values: str) -> list[tuple[str, ...]]:
            path = folder / f"{table}.parquet"
            if not path.exists():
                return []
            return database.execute(sql, {"table": str(path), **values}).fetchall()

        ((currency,),) = rows("dataset", "SELECT coalesce(currency, '') FROM read_parquet($table)")
        facts = rows(preparation.table, _FACTS[preparation.table], currency=currency)
        parameters = rows(
            "model_parameters",
            "SELECT model || ' ' || parameter, value, lower, upper FROM read_parquet($table)"
            " ORDER BY position",
        )
        metrics = rows(
            "metrics",
            "SELECT title, value, lower, upper FROM read_parquet($table) ORDER BY position",
        )
        warnings = rows(
            "model_card",
            "SELECT coalesce(text, name) FROM read_parquet($table)"
            " WHERE section = 'Warnings' ORDER BY position",
        )
        variables = rows(
            "model_card",
            "SELECT coalesce(text, '') FROM read_parquet($table)"
            " WHERE section = 'Fit' AND name = 'Variables'",
        )
    return Result(
        [(name, text) for name, text in facts],
        [Measure(*row) for row in parameters],  # type: ignore[arg-type]
        [Measure(*row) for row in metrics],  # type: ignore[arg-type]
        [text for (text,) in warnings],
        "".join(text for (text,) in variables),
    )
