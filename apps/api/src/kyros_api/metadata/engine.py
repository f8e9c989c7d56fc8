"""Connections to the metadata database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event

if TYPE_CHECKING:
    from pathlib import Path

BUSY_TIMEOUT_MS = 5000


def sqlite_engine(path: Path, *, create: bool = False) -> Engine:
    """Open the SQLite file at ``path`` for transactions; connecting happens on first use.

    A file that is not there is an error, unless ``create`` is set: a service that was given a
    wrong path must not go on with an empty database. WAL lets readers go on while somebody
    writes; foreign keys are off in SQLite unless asked for. A transaction takes the writer's place
    when it begins and waits for it up to :data:`BUSY_TIMEOUT_MS`: one that began as a reader could
    not become a writer after somebody else wrote.
    """
    engine = _engine(path, "rwc" if create else "rw", BUSY_TIMEOUT_MS)

    @event.listens_for(engine, "connect")
    def _write_ahead(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI's own class
        connection.execute("PRAGMA journal_mode = WAL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:  # noqa: ANN401
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def sqlite_reader(path: Path, *, busy_timeout_ms: int) -> Engine:
    """Open the SQLite file at ``path`` for single SELECTs, each seeing what is committed then."""
    engine = _engine(path, "rw", busy_timeout_ms)

    @event.listens_for(engine, "connect")
    def _read_only(connection: Any, _record: object) -> None:  # noqa: ANN401
        connection.execute("PRAGMA query_only = ON")

    return engine


def _engine(path: Path, mode: str, busy_timeout_ms: int) -> Engine:
    engine = create_engine(f"sqlite:///file:{quote(str(path))}?mode={mode}&uri=true")

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:  # noqa: ANN401
        # The driver would begin transactions by its own rules and miss DDL; SQLAlchemy begins them.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {busy_timeout_ms}")
        connection.execute("PRAGMA foreign_keys = ON")

    return engine
