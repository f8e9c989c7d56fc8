"""Connections to the metadata database, whichever it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event, text

from kyros_api.metadata.location import Location, SqliteFile

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

BUSY_TIMEOUT_MS = 5000
CHANGES = "kyros changes"  # the turn of whoever changes several things that belong together


def open_engine(location: Location, *, create: bool = False) -> Engine:
    """Open the metadata for transactions; connecting happens on first use.

    Args:
        location: where they are.
        create: make a SQLite file that is not there; a database on a server is never made.
    """
    if isinstance(location, SqliteFile):
        return sqlite_engine(location.path, create=create)
    from kyros_api.metadata.postgres import postgres_engine  # noqa: PLC0415 - who has none waits

    return postgres_engine(location, lock_timeout_ms=BUSY_TIMEOUT_MS)


def open_reader(location: Location) -> Engine:
    """Open the metadata for single SELECTs, each seeing what is committed then."""
    if isinstance(location, SqliteFile):
        return sqlite_reader(location.path, busy_timeout_ms=BUSY_TIMEOUT_MS)
    from kyros_api.metadata.postgres import postgres_engine  # noqa: PLC0415

    return postgres_engine(location, read_only=True, lock_timeout_ms=BUSY_TIMEOUT_MS)


def take_turn(connection: Connection, name: str, *, shared: bool = False) -> None:
    """Keep others who take the same turn out until the transaction ends.

    In SQLite every transaction that may write is alone anyway. PostgreSQL lets them run side by
    side: two could both see that something is free, and both take it.

    Args:
        connection: in a transaction.
        name: of the turn.
        shared: let others in who share it, and keep out who takes it alone.
    """
    if connection.dialect.name == "postgresql":
        lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        connection.execute(text(f"SELECT {lock}(hashtextextended(:name, 0))"), {"name": name})


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
    engine = create_engine(
        f"sqlite:///file:{quote(str(path))}?mode={mode}&uri=true", hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:  # noqa: ANN401
        # The driver would begin transactions by its own rules and miss DDL; SQLAlchemy begins them.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {busy_timeout_ms}")
        connection.execute("PRAGMA foreign_keys = ON")

    return engine
