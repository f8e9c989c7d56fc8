"""Putting a backup's metadata in place of those that are there, which are kept beside the data."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from kyros_api.administration.database import faults_in_a_sentence, migrating, one_moment
from kyros_api.administration.errors import EnvironmentFaultError
from kyros_api.backup.moment import in_bytes, require_known, write_file
from kyros_api.metadata.copying import copy_rows, delete_rows, go_on_counting, tables_of
from kyros_api.metadata.engine import open_reader
from kyros_api.metadata.location import SqliteFile
from kyros_api.metadata.migrate import upgrade
from kyros_api.metadata.revision import current_revision
from kyros_api.metadata.tables import audit_log
from kyros_api.metadata.tables import metadata as known
from kyros_api.storage.durable import flush

if TYPE_CHECKING:
    from pathlib import Path

    from kyros_api.backup.contents import Report
    from kyros_api.metadata.location import Location, PostgresServer


def is_something_there(database: Location) -> bool:
    """Return whether there are metadata that a backup would take the place of.

    Raises:
        EnvironmentFaultError: the server cannot be asked, or they have a schema that this version
            does not know, so that they could not be kept.
    """
    if isinstance(database, SqliteFile):
        return database.path.exists()
    with one_moment(database) as connection:
        return current_revision(connection) is not None and bool(_keepable(connection, database))


def _keepable(connection: Connection, server: PostgresServer) -> str:
    try:
        return require_known(connection, server)
    except EnvironmentFaultError as error:
        raise EnvironmentFaultError(
            f"{str(error).rstrip('.')}, or restore into an empty database (dropdb, createdb)."
        ) from error


def place_in_file(metadata: Path, database: SqliteFile) -> Path | None:
    """Rename the backup's metadata into place; return where those from before are kept."""
    path, kept = database.path, None
    if path.exists():
        with faults_in_a_sentence(database), closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        kept = _kept(path)
        os.link(path, kept)
    for rest in ("-wal", "-shm"):  # all of it is in the file
        path.with_name(path.name + rest).unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    metadata.replace(path)
    flush(path.parent)
    return kept


def _kept(path: Path) -> Path:
    """Name the file of what was there, to the microsecond: none takes another one's place."""
    return path.with_name(f"{path.stem}.before-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}.db")


def place_on_server(
    metadata: Path, server: PostgresServer, data_dir: Path, report: Report
) -> Path | None:
    """Replace all rows by the backup's in one transaction; return where those before are kept.

    Nobody else writes until it ends, so what is kept is what was replaced. A transaction that is
    cut off, at whichever side, leaves what was there.

    Args:
        metadata: a SQLite file of this version's schema, in a folder where there may be more.
        server: whose database has metadata of any known schema, or none.
        data_dir: where they are kept.
        report: told how many bytes of the file are loaded, and how many there are.

    Raises:
        EnvironmentFaultError: it cannot be done; either all or nothing was replaced.
    """
    kept = None
    complete = False
    try:
        with migrating(server) as connection:
            aside = metadata.with_name("kept.db")
            there = _keep(connection, server, aside)
            _load(metadata, connection, report)
            if there:
                kept = _kept(data_dir / "tenant_metadata.db")
                aside.chmod(0o600)  # it holds what nobody else may read
                flush(aside)
                aside.rename(kept)
                flush(data_dir)
            complete = True
    except (EnvironmentFaultError, DBAPIError) as error:
        if complete:
            raise EnvironmentFaultError(
                f"{server} went away before it said that all is in place; what is there is whole, "
                "the old or the new: restore again."
            ) from error
        if isinstance(error, EnvironmentFaultError):
            raise
        reason = str(error.orig).partition("\n")[0]
        raise EnvironmentFaultError(
            f"{server} does not take the backup and is as it was: {reason}."
        ) from error
    return kept


def _keep(connection: Connection, server: PostgresServer, to: Path) -> bool:
    """Write what is there to a file, and empty the tables; return whether there was anything."""
    there = sorted({*inspect(connection).get_table_names()} & {*known.tables})
    if current_revision(connection) is None:
        return False
    revision = _keepable(connection, server)
    # Readers go on, and a backup in their midst: it sees the rows of its own moment.
    connection.execute(text(f"LOCK TABLE {', '.join(there)} IN EXCLUSIVE MODE"))
    write_file(connection, revision, to, lambda _done, _total: None)
    kept = open_reader(SqliteFile(to))
    try:
        with kept.connect() as file:
            delete_rows(connection, tables_of(file))
    finally:
        kept.dispose()
    return True


def _load(metadata: Path, connection: Connection, report: Report) -> None:
    upgrade(connection)
    size = metadata.stat().st_size
    with one_moment(SqliteFile(metadata)) as file:
        tables = tables_of(file)
        copy_rows(file, connection, tables, in_bytes(report, size))
    go_on_counting(connection, tables)


def cut_to_fit(connection: Connection) -> None:
    """Cut texts of the audit log that are longer than their columns, as new ones are cut.

    SQLite takes any length, and PostgreSQL would refuse the backup for one such line.
    """
    for column in audit_log.c:
        length = getattr(column.type, "length", None)
        if length is not None:
            connection.execute(
                text(
                    f"UPDATE audit_log SET {column.name} = substr({column.name}, 1, :length)"  # noqa: S608 - a column of ours
                    f" WHERE length({column.name}) > :length"
                ),
                {"length": length},
            )
