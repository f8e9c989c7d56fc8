"""All rows of one database copied into another, value by value, whichever each of them is.

The tables are those that are found in a SQLite file, so that an older schema can be copied as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Integer,
    MetaData,
    Text,
    cast,
    delete,
    event,
    func,
    insert,
    select,
)
from sqlalchemy.types import UserDefinedType

from kyros_api.metadata.json_text import without_nul
from kyros_api.metadata.tables import UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement, Connection, Dialect, Table

    Report = Callable[[int, int], None]

_AT_ONCE = 500  # rows in memory; a logo in a tenant's settings has some ten thousand bytes


class _JsonText(UserDefinedType[str]):
    """JSON as the text that it is: a number that is read and written anew may be another one."""

    cache_ok = True

    def get_col_spec(self, **_options: object) -> str:
        """Name the type as both databases do."""
        return "JSON"

    def column_expression(self, colexpr: ColumnElement[Any]) -> ColumnElement[Any]:
        """Keep the driver from reading it."""
        return cast(colexpr, Text)

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None] | None:
        """Write it as the database can read it."""
        if dialect.name != "postgresql":
            return None
        return lambda text: None if text is None else without_nul(text)


def tables_of(connection: Connection) -> list[Table]:
    """Return the tables of a SQLite file, whatever schema it has, before those that refer to them.

    Args:
        connection: to the file; the tables serve for other databases of the same schema too.
    """
    found = MetaData()

    @event.listens_for(found, "column_reflect")
    def _as_we_have_it(_inspector: object, _table: object, column: dict[str, Any]) -> None:
        if isinstance(column["type"], JSON):
            column["type"] = _JsonText()
        elif isinstance(column["type"], DateTime):
            column["type"] = UtcDateTime()
        elif isinstance(column["type"], Integer):
            column["type"] = BigInteger()  # as all are in SQLite

    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def copy_rows(
    source: Connection, target: Connection, tables: Sequence[Table], report: Report
) -> None:
    """Copy all rows, some hundreds at a time.

    Args:
        source: in a transaction that sees one moment.
        target: of the same schema, in a transaction; its tables are empty.
        tables: in an order in which they may be filled.
        report: told how many rows are copied, and how many there are.
    """
    total = sum(source.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
    done = 0
    report(done, total)
    for table in tables:
        rows = source.execute(select(table), execution_options={"yield_per": _AT_ONCE})
        for some in rows.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in some])
            done += len(some)
            report(done, total)


def delete_rows(connection: Connection, tables: Sequence[Table]) -> None:
    """Delete all rows; who reads in a transaction of an earlier moment still sees them.

    Args:
        connection: in a transaction.
        tables: in an order in which they may be filled.
    """
    for table in reversed(tables):
        connection.execute(delete(table))


def go_on_counting(connection: Connection, tables: Sequence[Table]) -> None:
    """Let the next id that PostgreSQL gives be the one after the highest, from the commit on."""
    for table in tables:
        for column in table.primary_key:
            if not isinstance(column.type, Integer):
                continue
            counter = connection.scalar(
                select(func.pg_get_serial_sequence(table.name, column.name))
            )
            if counter is not None:
                highest = connection.scalar(select(func.max(column))) or 0
                connection.exec_driver_sql(f"ALTER SEQUENCE {counter} RESTART WITH {highest + 1}")
