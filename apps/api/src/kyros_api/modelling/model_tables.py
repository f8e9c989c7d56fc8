"""The tables that every dashboard with a model has of it, and how a frame becomes a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

MODEL_CARD = (
    "position INTEGER, section VARCHAR, name VARCHAR, value DOUBLE, text VARCHAR, kind VARCHAR"
)
MODEL_PARAMETERS = (
    "position INTEGER, model VARCHAR, parameter VARCHAR, value DOUBLE, standard_error DOUBLE,"
    " lower DOUBLE, upper DOUBLE, meaning VARCHAR"
)


class Line(NamedTuple):
    """One line of the model card, without its position.

    Attributes:
        section: under which it stands.
        name: what is told.
        kind: how ``value`` is written (count, number, money, percent), or date or text.
        value: if it is a number.
        text: if it is not, or what is to be said beside the number.
    """

    section: str
    name: str
    kind: str
    value: float | None = None
    text: str | None = None


def as_card(lines: Iterable[Line]) -> pd.DataFrame:
    """Return the lines, in their order, as a frame for ``MODEL_CARD``."""
    frame = pd.DataFrame(lines, columns=pd.Index(Line._fields))
    return numbered(frame.astype({"value": "float64", "text": "object"}))


def numbered(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with their positions, from 1."""
    return frame.assign(position=range(1, len(frame) + 1))


def create(
    database: duckdb.DuckDBPyConnection,
    table: str,
    columns: str,
    frame: pd.DataFrame | None = None,
) -> None:
    """Make a table with these columns and types, of a frame's rows or empty."""
    database.execute(f"CREATE TABLE {table} ({columns})")
    if frame is not None:
        insert(database, table, frame)


def insert(database: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    """Put a frame's rows into a table, column by column name."""
    database.register("frame", frame)
    database.execute(f"INSERT INTO {table} BY NAME FROM frame")
    database.unregister("frame")
