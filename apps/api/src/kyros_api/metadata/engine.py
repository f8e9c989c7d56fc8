"""Connections to the metadata database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event

if TYPE_CHECKING:
    from pathlib import Path

BUSY_TIMEOUT_MS = 5000


def sqlite_engine(path: Path, *, create: bool = False) -> Engine:
    """Open the SQLite file at ``path``; connecting to it happens on first use.

    A file that is not there is an error, unless ``create`` is set: a service that was given a
    wrong path must not go on with an empty database. WAL lets readers go on while somebody
    writes; foreign keys are off in SQLite unless asked for; a writer waits up to
    :data:`BUSY_TIMEOUT_MS` for another one.
    """
    mode = "rwc" if create else "rw"
    engine = create_engine(f"sqlite:///file:{quote(str(path))}?mode={mode}&uri=true")

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI's own class
        # The driver would begin transactions by its own rules and miss DDL; SQLAlchemy begins them.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:  # noqa: ANN401
        connection.exec_driver_sql("BEGIN")

    return engine
