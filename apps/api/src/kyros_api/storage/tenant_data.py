"""Where each tenant's data lies, and the one DuckDB that reads it.

``<data>/tenants/<tenant id>/<dashboard slug>/<version>/<table>.parquet``: every part but the table
comes from the verified token or the metadata, and each is checked again before it becomes a path.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_PART = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_PARAMETER = re.compile(r"\$(\w+)")


class DataMissingError(Exception):
    """The tenant has no data for this dashboard yet."""


class Result(NamedTuple):
    """A table of values: the names of its columns, and its rows."""

    columns: list[str]
    rows: list[tuple[Any, ...]]

    def by_column(self) -> dict[str, list[Any]]:
        """Turn the rows into one list a column."""
        values = zip(*self.rows, strict=True) if self.rows else [()] * len(self.columns)
        return {name: list(column) for name, column in zip(self.columns, values, strict=True)}


class TenantFolder:
    """The data of one tenant for one dashboard, in one version of it."""

    def __init__(self, path: Path, database: duckdb.DuckDBPyConnection) -> None:
        self.path = path
        self._database = database

    def table(self, name: str) -> str:
        """Return the path of a table, for ``read_parquet($name)``."""
        return str(self.path / f"{name}.parquet")

    def query(self, sql: str, values: Mapping[str, object] | None = None) -> Result:
        """Run a query in which ``$name`` is a table of this folder, or one of ``values``.

        Only bound parameters reach the database; what is not in ``values`` can only be a table.
        """
        given = values or {}
        bound = {
            name: given[name] if name in given else self.table(name)
            for name in set(_PARAMETER.findall(sql))
        }
        cursor = self._database.cursor().execute(sql, bound)
        return Result([column[0] for column in cursor.description or ()], cursor.fetchall())


class TenantData:
    """Gives each verified tenant its own folder, and nobody any other file."""

    def __init__(self, data_dir: Path) -> None:
        self.root = (data_dir / "tenants").resolve()
        self._database = duckdb.connect(":memory:")
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

    def close(self) -> None:
        """Release the database."""
        self._database.close()

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
        return TenantFolder(path, self._database)


def _part(name: str) -> str:
    if not _PART.fullmatch(name):
        raise ValueError(f"{name[:64]!r} cannot be part of a path")
    return name


def columns_of(folder: TenantFolder, table: str) -> Sequence[tuple[str, str]]:
    """Return (name, DuckDB type) of each column of a table."""
    result = folder.query(f"DESCRIBE SELECT * FROM read_parquet(${table})")  # noqa: S608 - a name of the catalogue
    return [(row[0], row[1]) for row in result.rows]
