"""Inserting what is not there yet, whichever the database is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection, Table

    MakeInsert = Callable[[Table], sqlite.Insert | postgresql.Insert]

# The two dialects write the same words for it, and SQLAlchemy has none that both share.
_INSERT: dict[str, MakeInsert] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def insert_missing(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, unique: str
) -> None:
    """Insert rows in the transaction of the connection, but for those that are there.

    Args:
        connection: in a transaction.
        table: that they go into.
        rows: at least one.
        unique: the column by which a row is known to be there.
    """
    insert = _INSERT[connection.dialect.name](table).on_conflict_do_nothing(index_elements=[unique])
    connection.execute(insert, rows)
