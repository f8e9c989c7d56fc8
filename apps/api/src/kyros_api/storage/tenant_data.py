"""Where each tenant's data lies, and the one DuckDB that reads it.

``<data>/tenants/<tenant id>/<dashboard slug>/<version>/<table>.parquet``: every part but the table
comes from the verified token or the metadata, and each is checked again before it becomes a path.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import lru_cache
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb

from kyros_shared_config import traced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

_PART = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
# `$name`, but not within a quoted name or text: a column may be called "US$price".
_PARAMETER = re.compile(r"""\$(\w+)|"[^"]*"|'[^']*'""")
# What queries and downloads may hold together; sorts that need more go by way of the disk.
_MEMORY = "128MB"
# Tables of which the columns are remembered: some dozens of bytes a column.
_REMEMBERED_TABLES = 1024
# Answers that are remembered: lists of what can be chosen, and yes or no.
_REMEMBERED_LOOKUPS = 1024


class DataMissingError(Exception):
    """The tenant has no data for this dashboard; the message is a sentence with the remedy."""

    def __init__(self) -> None:
        super().__init__(
            "There is no data for this dashboard that this version can read: seed or ingest some."
        )


class Result(NamedTuple):
    """A table of values: the names of its columns, and its rows."""

    columns: list[str]
    rows: list[tuple[Any, ...]]

    def by_column(self) -> dict[str, list[Any]]:
        """Turn the rows into one list a column."""
        values = zip(*self.rows, strict=True) if self.rows else [()] * len(self.columns)
        return {name: list(column) for name, column in zip(self.columns, values, strict=True)}


Rows = tuple[tuple[Any, ...], ...]


class Table(NamedTuple):
    """What one version of a table is: it never changes.

    Attributes:
        columns: DuckDB's type of each, by name, in their order.
        rows: how many.
    """

    columns: Mapping[str, str]
    rows: int


class Reader:
    """Reads what is too big to be held, on a connection of its own, so that it can be ended."""

    def __init__(self, folder: TenantFolder, cursor: duckdb.DuckDBPyConnection) -> None:
        self._folder = folder
        self._cursor = cursor

    def batches(
        self, sql: str, values: Mapping[str, object], size: int
    ) -> Iterator[list[tuple[Any, ...]]]:
        """Run a query as :meth:`TenantFolder.query` does, and yield so many rows at a time."""
        self._cursor.execute(sql, self._folder.bind(sql, values))
        while rows := self._cursor.fetchmany(size):
            yield rows

    def arrow(self, sql: str, values: Mapping[str, object]) -> duckdb.DuckDBPyRelation:
        """Return a query as what has ``__arrow_c_stream__``, which runs it."""
        return self._cursor.sql(sql, params=self._folder.bind(sql, values))

    def interrupt(self) -> None:
        """End what runs, from any thread: the one that reads gets an error."""
        self._cursor.interrupt()

    def close(self) -> None:
        """Give back the connection and what it holds; nobody may be reading."""
        self._cursor.close()


class TenantFolder:
    """The data of one tenant for one dashboard, in one version of it."""

    def __init__(
        self,
        path: Path,
        database: duckdb.DuckDBPyConnection,
        describe: Callable[[str], Table],
        look_up: Callable[[str, tuple[tuple[str, object], ...]], Rows],
    ) -> None:
        self.path = path
        self._database = database
        self._describe = describe
        self._look_up = look_up

    def table(self, name: str) -> str:
        """Return the path of a table, for ``read_parquet($name)``."""
        return str(self.path / f"{name}.parquet")

    def describe(self, name: str) -> Table:
        """Return a table's columns and how many rows it has.

        Raises:
            DataMissingError: the table is not there.
        """
        with self._reading({name}):
            return self._describe(self.table(name))

    def query(self, sql: str, values: Mapping[str, object] | None = None) -> Result:
        """Run a query in which ``$name`` is a table of this folder, or one of ``values``.

        Only bound parameters reach the database; what is not in ``values`` can only be a table.

        Raises:
            DataMissingError: a table is not there.
        """
        bound = self.bind(sql, values or {})
        with traced("duckdb query", {"db.system.name": "duckdb"}):
            with self._reading(bound.keys() - (values or {})):
                cursor = self._database.cursor().execute(sql, bound)
            return Result([column[0] for column in cursor.description or ()], cursor.fetchall())

    def look_up(self, sql: str, values: Mapping[str, object] | None = None) -> Rows:
        """Return the few rows that answer a question put again and again, as what can be chosen.

        They are remembered: a version of the data never changes, and its path is in the question.

        Args:
            sql: as for :meth:`query`.
            values: likewise, each of which can be a key.

        Raises:
            DataMissingError: a table is not there.
        """
        bound = self.bind(sql, values or {})
        with self._reading(bound.keys() - (values or {})):
            return self._look_up(sql, tuple(sorted(bound.items())))

    @contextmanager
    def _reading(self, tables: Iterable[str]) -> Iterator[None]:
        """Tell a table that is not there from one that cannot be read."""
        try:
            yield
        except duckdb.IOException as error:
            if all((self.path / f"{name}.parquet").exists() for name in tables):
                raise
            raise DataMissingError from error

    def reader(self) -> Reader:
        """Return what reads a big result bit by bit; it must be closed."""
        return Reader(self, self._database.cursor())

    def bind(self, sql: str, values: Mapping[str, object]) -> dict[str, object]:
        """Return what each ``$name`` in the SQL stands for."""
        return {
            name: values[name] if name in values else self.table(name)
            for name in set(_PARAMETER.findall(sql)) - {""}
        }


class TenantData:
    """Gives each verified tenant its own folder, and nobody any other file."""

    def __init__(self, data_dir: Path) -> None:
        self.root = (data_dir / "tenants").resolve()
        self._spill = TemporaryDirectory(prefix="kyros-", ignore_cleanup_errors=True)
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": _MEMORY,
            "temp_directory": self._spill.name,
            "allocator_background_threads": True,  # or it keeps what a big query needed
        }
        self._database = duckdb.connect(":memory:", config=settings)
        # DuckDB reads files below the tenants' root and nothing else: no other path, no network,
        # no extension, and no statement can lift that again.
        for statement in (
            f"SET allowed_directories = ['{str(self.root).replace(chr(39), chr(39) * 2)}/']",
            "SET autoinstall_known_extensions = false",
            "SET autoload_known_extensions = false",
            "SET enable_external_access = false",
            "SET lock_configuration = true",
        ):
            self._database.execute(statement)
        # A version of a table never changes, so it is described once.
        self._describe = lru_cache(_REMEMBERED_TABLES)(self._read_description)
        self._look_up = lru_cache(_REMEMBERED_LOOKUPS)(self._read_rows)

    def close(self) -> None:
        """Release the database."""
        self._database.close()
        self._spill.cleanup()

    def folder(self, tenant_id: str, dashboard_slug: str, version: str | None) -> TenantFolder:
        """Return the folder of one tenant's data.

        Args:
            tenant_id: of the verified token.
            dashboard_slug: of a dashboard that the tenant is assigned.
            version: of its data, from the metadata; None when there is none yet.

        Raises:
            DataMissingError: there is no such folder.
            ValueError: a part is not of its form.
        """
        if version is None:
            raise DataMissingError
        path = self.root / _part(tenant_id) / _part(dashboard_slug) / _part(version)
        if not path.is_dir():
            raise DataMissingError
        return TenantFolder(path, self._database, self._describe, self._look_up)

    def _read_description(self, path: str) -> Table:
        cursor = self._database.cursor()
        columns = cursor.execute("DESCRIBE FROM read_parquet($path)", {"path": path}).fetchall()
        count = cursor.execute("SELECT count(*) FROM read_parquet($path)", {"path": path})
        return Table({name: kind for name, kind, *_ in columns}, count.fetchall()[0][0])

    def _read_rows(self, sql: str, bound: tuple[tuple[str, object], ...]) -> Rows:
        return tuple(self._database.cursor().execute(sql, dict(bound)).fetchall())


def _part(name: str) -> str:
    if not _PART.fullmatch(name):
        raise ValueError(f"{name[:64]!r} cannot be part of a path")
    return name


def quote(identifier: str) -> str:
    """Quote a name for SQL; what is quoted must come from a list of known names all the same."""
    return '"' + identifier.replace('"', '""') + '"'
