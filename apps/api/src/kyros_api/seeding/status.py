"""What is there: database, schema, tenants.

By the standard library alone: asked at each start in development, and SQLAlchemy takes half a
second to import.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from kyros_api.metadata import HEAD

if TYPE_CHECKING:
    from pathlib import Path


class Status(NamedTuple):
    """The state of the metadata; with no tenants, nothing is seeded."""

    database: bool
    migrated: bool
    tenants: int


def read_status(database: Path) -> Status:
    """Look, without making or changing anything."""
    if not database.is_file():
        return Status(database=False, migrated=False, tenants=0)
    try:
        address = f"{database.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            (tenants,) = connection.execute("SELECT count(*) FROM tenants").fetchone()
    except (sqlite3.Error, TypeError):  # no such table, no such row, no database
        return Status(database=True, migrated=False, tenants=0)
    return Status(database=True, migrated=revision == HEAD, tenants=tenants)
