"""What is there: database, schema, tenants."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from kyros_api.metadata import HEAD
from kyros_api.metadata.engine import sqlite_engine
from kyros_api.metadata.revision import current_revision
from kyros_api.metadata.tables import tenants

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
    engine = sqlite_engine(database)
    try:
        with engine.connect() as connection:
            migrated = current_revision(connection) == HEAD
            count = connection.execute(select(func.count()).select_from(tenants)).scalar_one()
    except DatabaseError:
        return Status(database=True, migrated=False, tenants=0)
    finally:
        engine.dispose()
    return Status(database=True, migrated=migrated, tenants=count)
