"""What is there: database, schema, tenants.

By the standard library alone: asked at each start in development, and SQLAlchemy takes half a
second to import.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from kyros_api.dashboards.catalogue import CATALOGUE
from kyros_api.metadata import HEAD
from kyros_api.seeding.demo import ASSIGNMENTS
from kyros_api.storage.versions import is_own

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kyros_api.seeding.demo import Assignment


class Status(NamedTuple):
    """The state of metadata and data; with no tenants, nothing is seeded.

    Attributes:
        database: whether there is one.
        migrated: whether it has the schema that this version needs.
        tenants: how many there are.
        outdated: whether the demo's data is not what this version makes of its sources.
        stale: the tenants and dashboards whose own data lack tables that this version reads.
    """

    database: bool
    migrated: bool
    tenants: int
    outdated: bool = False
    stale: tuple[str, ...] = ()


def read_status(database: Path, data_dir: Path) -> Status:
    """Look, without making or changing anything."""
    if not database.is_file():
        return Status(database=False, migrated=False, tenants=0)
    try:
        with closing(_open(database)) as connection:
            (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            tenants = dict(connection.execute("SELECT id, slug FROM tenants").fetchall())
            assigned = _read_assigned(connection)
    except (sqlite3.Error, TypeError):  # no such table, no such row, no database
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
    )


def read_versions(database: Path) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """Return the version in place and the one before of each (tenant id, dashboard slug).

    Whatever schema the database has; there is nothing where there is no database of ours.
    """
    if not database.is_file():
        return {}
    try:
        with closing(_open(database)) as connection:
            return _read_assigned(connection)
    except sqlite3.Error:
        return {}


def _open(database: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return connection


def _read_assigned(
    connection: sqlite3.Connection,
) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    rows = connection.execute(
        "SELECT tenant_dashboards.*, slug"
        " FROM tenant_dashboards JOIN dashboards ON dashboard_id = dashboards.id"
    )
    # An older schema has no version before.
    return {
        (row["tenant_id"], row["slug"]): (
            row["data_version"],
            row["previous_data_version"] if "previous_data_version" in row.keys() else None,  # noqa: SIM118 - a Row's own names
        )
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
