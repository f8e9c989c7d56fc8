"""SELECTs that are asked at nearly every request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Select

RowT = TypeVar("RowT")


class PreparedSelect(Generic[RowT]):
    """A SELECT that SQLAlchemy writes once for a database, and the driver runs each time.

    Running it through SQLAlchemy takes four times as long, nearly all of it for what these rows
    do not need: their columns are plain values that no type has to translate.

    Args:
        statement: of at most one row; its values are bound by name.
        row: makes a row of the columns, in their order.
    """

    def __init__(self, statement: Select[Any], row: Callable[..., RowT]) -> None:
        self._statement = statement
        self._row = row
        self._written: dict[str, tuple[str, list[str] | None]] = {}

    def one_or_none(self, connection: Connection, **values: str) -> RowT | None:
        """Return the row, None when there is none.

        Raises:
            SQLAlchemyError: the database is not there, or cannot be read.
        """
        sql, order = self._written.get(connection.dialect.name) or self._write(connection)
        parameters = values if order is None else [values[name] for name in order]
        cursor = connection.connection.cursor()
        try:
            cursor.execute(sql, parameters)
            found = cursor.fetchone()
        except Exception:  # noqa: BLE001 - each driver has its own; SQLAlchemy has them all
            found = connection.execute(self._statement, values).one_or_none()
        finally:
            cursor.close()
        return None if found is None else self._row(*found)

    def _write(self, connection: Connection) -> tuple[str, list[str] | None]:
        compiled = self._statement.compile(dialect=connection.dialect)
        written = str(compiled), getattr(compiled, "positiontup", None)
        self._written[connection.dialect.name] = written
        return written
