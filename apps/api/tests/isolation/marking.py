"""How a tenant's data is marked.

Tables keep the real ones' columns, categories and dates; every text begins with the tenant's mark
and every number is the tenant's number. There are 100 rows, which share their first category, so
that the sum of a column has the same digits as one of its values and is recognised as well. Tables
that have no row for each of them are marked in the same way, with a power of ten of their rows.

Some numbers stay, or a view would find nothing: what a view is asked for by a number has the rows
of the view's default, and places (in a matrix, an order, a scorecard) and spans of time are as they
are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from kyros_api.dashboards.catalogue import CATALOGUE
from kyros_api.dashboards.catalogue.specification import OneOf

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ROWS = 100
_TEXT, _NUMBERS = "VARCHAR", {"INTEGER", "BIGINT", "DOUBLE"}
_PLACES = {"row", "col", "age_days", "position", "value_position", "variable_position", "bin"}
_PLACES |= {"column"}  # the name of one, which tables of sums have
_PLACES |= {"model", "parameter"}  # the names by which a view finds a number
# Rows of which a view shows single ones: those of all customers come last, and must be there.
_WHOLE = {"concentration"}
# An amount reaches up to any number, or no marked account would be within.
_OPEN = {("amounts", "upper")}


@dataclass(frozen=True)
class Model:
    """The real data of a dashboard that marked data is made of.

    Attributes:
        dashboard: its slug.
        folder: with a file for each table.
        settings: of the dashboard.
    """

    dashboard: str
    folder: Path
    settings: Mapping[str, Any]

    @property
    def rows_file(self) -> str:
        """Return the file with the rows that ``/data`` answers with."""
        return f"{CATALOGUE[self.dashboard].rows_table}.parquet"


def write_marked_tables(model: Model, folder: Path, mark: str, number: int) -> None:
    """Write each table of a dashboard's real data anew, marked.

    Args:
        model: the real data.
        folder: where the marked tables go.
        mark: goes before every text.
        number: stands for every number.
    """
    folder.mkdir(parents=True, exist_ok=True)
    key, rows = CATALOGUE[model.dashboard].key, model.folder / model.rows_file
    with duckdb.connect(":memory:") as database:
        described = database.sql(f"DESCRIBE FROM '{rows}'").fetchall()
        texts = [name for name, kind, *_ in described if kind == _TEXT and name != key]
        category = next(iter(texts), key)
        hundred = f"SELECT {key} FROM '{rows}' ORDER BY {category}, {key} LIMIT {ROWS}"
        database.sql(hundred).create("chosen")
        asked = _asked_for(model.dashboard)
        for name in CATALOGUE[model.dashboard].tables:
            file = model.folder / f"{name}.parquet"
            columns = database.sql(f"DESCRIBE FROM '{file}'").fetchall()
            keep = _PLACES | _lists(model.dashboard)
            written = ", ".join(
                f'real."{column}"' if column in keep else _marked(column, kind, mark, number)
                for column, kind, *_ in columns
                if (name, column) not in _OPEN
            )
            written += "".join(
                f', NULL::DOUBLE AS "{end}"' for table, end in _OPEN if table == name
            )
            if name in _WHOLE:
                some = f"'{file}'"
            elif any(column == key for column, *_ in columns):
                some = f"(SELECT * FROM '{file}' SEMI JOIN chosen USING ({key}))"
            else:
                wanted = [
                    f"{column} = {asked[column]}" for column, *_ in columns if column in asked
                ]
                rows_of_default = f"FROM '{file}' WHERE {' AND '.join(wanted) or 'true'}"
                limit = _power_of_ten(database, rows_of_default)
                some = f"(SELECT * {rows_of_default} ORDER BY ALL LIMIT {limit})"
            database.sql(f"SELECT {written} FROM {some} AS real").create(name)
            database.table(name).write_parquet(str(folder / file.name))


def _asked_for(dashboard: str) -> dict[str, int]:
    """Return what views are asked for by a number, and what they answer when they are not."""
    return {
        name: parameter.default
        for view in CATALOGUE[dashboard].views.values()
        for name, parameter in view.parameters.items()
        if isinstance(parameter, OneOf) and isinstance(parameter.default, int)
    }


def _lists(dashboard: str) -> set[str]:
    """Return the parameters with a fixed list of values: what they name stays as it is."""
    return {
        name
        for view in CATALOGUE[dashboard].views.values()
        for name, parameter in view.parameters.items()
        if isinstance(parameter, OneOf)
    }


def _power_of_ten(database: duckdb.DuckDBPyConnection, rows: str) -> int:
    ((count,),) = database.sql(f"SELECT count(*) {rows}").fetchall()
    return max(size for size in (0, 1, 10, ROWS) if size <= count)


def _marked(name: str, kind: str, mark: str, number: int) -> str:
    if kind == _TEXT:
        return f'\'{mark} \' || real."{name}" AS "{name}"'
    if kind in _NUMBERS:
        return f'{number}::{kind} AS "{name}"'
    return f'real."{name}"'


def marked_settings(settings: Mapping[str, Any], mark: str, number: int) -> dict[str, Any]:
    """Mark a dashboard's settings with a note.

    By the settings nothing is lost of an account that does not say so itself: a share of it would
    be added to the marked losses, and nobody would know them again.
    """
    return {**settings, "lgd": 0, "note": f"{mark} settings", "alert_at": number}
