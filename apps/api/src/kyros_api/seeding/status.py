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
    from pathlib import Path

    from kyros_api.seeding.demo import Assignment


class Status(NamedTuple):
    """The state of metadata and data; with no tenants, nothing is seeded.

    Attributes:
        database: whether there is one.
        migrated: whether it has the schema that this version needs.
        tenants: how many there are.
        outdated: whether the demo's data is not what this version makes of its sources.
    """

    database: bool
    migrated: bool
    tenants: int
    outdated: bool = False


def read_status(database: Path, data_dir: Path) -> Status:
    """Look, without making or changing anything."""
    if not database.is_file():
        return Status(database=False, migrated=False, tenants=0)
    try:
        address = f"{database.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            (tenants,) = connection.execute("SELECT count(*) FROM tenants").fetchone()
            outdated = any(_is_outdated(connection, data_dir, item) for item in ASSIGNMENTS)
    except (sqlite3.Error, TypeError):  # no such table, no such row, no database
        return Status(database=True, migrated=False, tenants=0)
    return Status(database=True, migrated=revision == HEAD, tenants=tenants, outdated=outdated)


def _is_outdated(connection: sqlite3.Connection, data_dir: Path, item: Assignment) -> bool:
    row = connection.execute(
        "SELECT data_version FROM tenant_dashboards JOIN dashboards ON dashboard_id = dashboards.id"
        " WHERE tenant_id = ? AND slug = ? AND data_version IS NOT NULL",
        [item.tenant_id, item.dashboard_slug],
    ).fetchone()
    if row is None or is_own(row[0]):
        return False
    folder = item.folder(data_dir)
    tables = CATALOGUE[item.dashboard_slug].tables
    return row[0] != folder.name or not all(
        (folder / f"{table}.parquet").exists() for table in tables
    )
