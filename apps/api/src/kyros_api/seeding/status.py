"""What is there: database, schema, tenants.

By the driver alone: asked at each start in development, and SQLAlchemy takes half a second to
import.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from kyros_api.administration.errors import EnvironmentFaultError
from kyros_api.dashboards.catalogue import CATALOGUE
from kyros_api.metadata import HEAD
from kyros_api.metadata.faults import explain
from kyros_api.metadata.location import SqliteFile
from kyros_api.seeding.demo import ASSIGNMENTS
from kyros_api.storage.versions import is_own

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from sqlalchemy import Connection

    from kyros_api.metadata.location import Location
    from kyros_api.seeding.demo import Assignment


_ASSIGNED = (
    "SELECT tenant_dashboards.*, slug"
    " FROM tenant_dashboards JOIN dashboards ON dashboard_id = dashboards.id"
)


class Status(NamedTuple):
    """The state of metadata and data; with no tenants, nothing is seeded.

    Attributes:
        database: whether there is one.
        migrated: whether it has the schema that this version needs.
        tenants: how many there are.
        outdated: whether the demo's data is not what this version makes of its sources.
        stale: the tenants and dashboards whose own data lack tables that this version reads.
        revision: the schema that the database has; None without one.
    """

    database: bool
    migrated: bool
    tenants: int
    outdated: bool = False
    stale: tuple[str, ...] = ()
    revision: str | None = None


def read_status(location: Location, data_dir: Path) -> Status:
    """Look, without making or changing anything.

    Raises:
        EnvironmentFaultError: the server cannot be asked.
    """
    if _is_missing(location):
        return Status(database=False, migrated=False, tenants=0)
    try:
        with _asking(location) as ask:
            (revision,) = (row["version_num"] for row in ask("SELECT * FROM alembic_version"))
            tenants = {row["id"]: row["slug"] for row in ask("SELECT id, slug FROM tenants")}
            assigned = _assigned(ask(_ASSIGNED))
    except _NoneOfOursError:
        return Status(database=True, migrated=False, tenants=0)
    folders = data_dir / "tenants"
    return Status(
        database=True,
        migrated=revision == HEAD,
        tenants=len(tenants),
        outdated=any(_is_outdated(assigned, data_dir, item) for item in ASSIGNMENTS),
        stale=tuple(
            f"{tenants[tenant_id]} {slug}"
            for (tenant_id, slug), (version, _) in sorted(assigned.items())
            if is_own(version) and not _is_whole(folders / tenant_id / slug / str(version), slug)
        ),
        revision=revision,
    )


def read_versions(location: Location) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """Return the version in place and the one before of each (tenant id, dashboard slug).

    Whatever schema the database has; there is nothing where there is no database of ours.
    """
    if _is_missing(location):
        return {}
    try:
        with _asking(location) as ask:
            return _assigned(ask(_ASSIGNED))
    except _NoneOfOursError:
        return {}


def versions_at(connection: Connection) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """Return the same, as a transaction sees it."""
    return _assigned(dict(row) for row in connection.exec_driver_sql(_ASSIGNED).mappings())


class _NoneOfOursError(Exception):
    """There is no such table or row, or what is there is no database."""


def _is_missing(location: Location) -> bool:
    return isinstance(location, SqliteFile) and not location.path.is_file()


@contextmanager
def _asking(location: Location) -> Iterator[Callable[[str], Iterable[Mapping[str, Any]]]]:
    """Give what runs a SELECT and returns rows by the names of their columns."""
    if isinstance(location, SqliteFile):
        try:
            uri = f"{location.path.absolute().as_uri()}?mode=ro"
            with closing(sqlite3.connect(uri, uri=True)) as file:
                file.row_factory = _named
                yield file.execute
        except (sqlite3.Error, ValueError) as error:
            raise _NoneOfOursError from error
        return
    import psycopg  # noqa: PLC0415 - only who uses it waits for it
    from psycopg.rows import dict_row  # noqa: PLC0415

    from kyros_api.metadata.server import connect  # noqa: PLC0415

    try:
        with connect(location, row_factory=dict_row) as server:
            yield lambda sql: server.execute(sql.encode())
    except (psycopg.errors.UndefinedTable, ValueError) as error:
        raise _NoneOfOursError from error
    except psycopg.Error as error:
        raise EnvironmentFaultError(explain(error, location) or "") from error


def _named(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> dict[str, Any]:
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}


def _assigned(
    rows: Iterable[Mapping[str, Any]],
) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    # An older schema has no version before.
    return {
        (row["tenant_id"], row["slug"]): (row["data_version"], row.get("previous_data_version"))
        for row in rows
    }


def _is_outdated(
    assigned: Mapping[tuple[str, str], tuple[str | None, str | None]],
    data_dir: Path,
    item: Assignment,
) -> bool:
    version, _ = assigned.get((item.tenant_id, item.dashboard_slug), (None, None))
    if version is None or is_own(version):
        return False
    return version != item.version or not _is_whole(item.folder(data_dir), item.dashboard_slug)


def _is_whole(folder: Path, slug: str) -> bool:
    data = CATALOGUE.get(slug)
    return data is None or all((folder / f"{table}.parquet").exists() for table in data.tables)
