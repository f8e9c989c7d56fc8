"""How a tenant's data is marked.

Tables keep the real ones' columns, categories and dates; every text begins with the tenant's mark
and every number is the tenant's number. There are 100 rows, which share their first category, so
that the sum of a column has the same digits as one of its values and is recognised as well. Tables
that have no row for each of them are marked in the same way, with a power of ten of their rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from kyros_api.dashboards.catalogue import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ROWS = 100
_TEXT, _NUMBERS = "VARCHAR", {"INTEGER", "BIGINT", "DOUBLE"}


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
        category = next(name for name, kind, *_ in described if kind == _TEXT and name != key)
        hundred = f"SELECT {key} FROM '{rows}' ORDER BY {category}, {key} LIMIT {ROWS}"
        database.sql(hundred).create("chosen")
        for name in CATALOGUE[model.dashboard].tables:
            file = model.folder / f"{name}.parquet"
            columns = database.sql(f"DESCRIBE FROM '{file}'").fetchall()
            written = ", ".join(_marked(column, kind, mark, number) for column, kind, *_ in columns)
            if any(column == key for column, *_ in columns):
                some = f"(SELECT * FROM '{file}' SEMI JOIN chosen USING ({key}))"
            else:
                some = (
                    f"(SELECT * FROM '{file}' ORDER BY ALL LIMIT {_power_of_ten(database, file)})"
                )
            database.sql(f"SELECT {written} FROM {some} AS real").create(name)
            database.table(name).write_parquet(str(folder / file.name))


def _power_of_ten(database: duckdb.DuckDBPyConnection, file: Path) -> int:
    ((rows,),) = database.sql(f"SELECT count(*) FROM '{file}'").fetchall()
    return max(size for size in (0, 1, 10, ROWS) if size <= rows)


def _marked(name: str, kind: str, mark: str, number: int) -> str:
    if kind == _TEXT:
        return f'\'{mark} \' || real."{name}" AS "{name}"'
    if kind in _NUMBERS:
        return f'{number}::{kind} AS "{name}"'
    return f'real."{name}"'


def marked_settings(settings: Mapping[str, Any], mark: str, number: int) -> dict[str, Any]:
    """Mark a dashboard's settings: titles and categories as the tables have them, and a note."""
    segments = [
        {
            "column": segment["column"],
            "title": f"{mark} {segment['title']}",
            "order": [f"{mark} {value}" for value in segment.get("order", [])],
        }
        for segment in settings.get("segments", [])
    ]
    return {**settings, "segments": segments, "note": f"{mark} settings", "alert_at": number}
