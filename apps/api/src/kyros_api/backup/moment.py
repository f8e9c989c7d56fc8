"""The metadata of one moment as a SQLite file, from wherever they are, while others write."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from kyros_api.administration.database import faults_in_a_sentence, one_moment
from kyros_api.administration.errors import EnvironmentFaultError
from kyros_api.metadata.copying import copy_rows, tables_of
from kyros_api.metadata.engine import open_engine
from kyros_api.metadata.faults import explain
from kyros_api.metadata.location import SqliteFile
from kyros_api.metadata.migrate import knows, upgrade
from kyros_api.metadata.revision import current_revision
from kyros_api.seeding.status import read_versions, versions_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Connection

    from kyros_api.backup.contents import Report
    from kyros_api.metadata.location import Location, PostgresServer

_ANSWER = 5.0  # seconds that a locked database is waited for


class Moment(NamedTuple):
    """Metadata that stay as they were, whatever others write.

    Attributes:
        versions: of the data that they refer to, as :func:`read_versions` has them.
        write: completes the file of them, which is whole then; returns the schema that it has.
    """

    versions: Mapping[tuple[str, str], tuple[str | None, str | None]]
    write: Callable[[], str]


@contextmanager
def hold_moment(database: Location, to: Path, report: Report) -> Iterator[Moment]:
    """Take the metadata as they are now.

    Args:
        database: where they are.
        to: the file that is written; one that is there is replaced.
        report: told how many bytes are copied from a server, and how many there are.

    Raises:
        EnvironmentFaultError: they cannot be read, or the file cannot be written.
    """
    to.unlink(missing_ok=True)
    if isinstance(database, SqliteFile):
        _copy_file(database, to)
        yield Moment(read_versions(SqliteFile(to)), lambda: _revision_of_whole(to, database))
        return
    with one_moment(database) as source:
        revision = require_known(source, database)
        yield Moment(versions_at(source), lambda: write_file(source, revision, to, report))


def require_known(connection: Connection, server: PostgresServer) -> str:
    """Return the schema of a server's metadata.

    Raises:
        EnvironmentFaultError: there are none, or this version knows no such schema.
    """
    revision = current_revision(connection)
    if revision is None:
        raise EnvironmentFaultError(
            f"There are no metadata at {server}; let DATABASE_URL name where they are, or make "
            "them: kyros-api migrate."
        )
    if not knows(revision):
        raise EnvironmentFaultError(
            f"{server} has schema {revision}, which this version of Kyros does not know; use the "
            "version that made it, or a newer one."
        )
    return revision


def write_file(source: Connection, revision: str, to: Path, report: Report) -> str:
    """Write what a server has into a SQLite file of the same schema.

    Args:
        source: in a transaction that sees one moment.
        revision: the schema that it has.
        to: a file that is not there.
        report: told how many of the server's bytes are copied, and how many there are.

    Returns:
        the schema.

    Raises:
        EnvironmentFaultError: the file cannot be written.
        SQLAlchemyError: the server cannot be read.
    """
    engine = open_engine(SqliteFile(to), create=True)
    try:
        with engine.begin() as target:
            upgrade(target, revision)
            tables = tables_of(target)
            size = sum(_size(source, table.name) for table in tables)
            copy_rows(source, target, tables, in_bytes(report, size))
    except SQLAlchemyError as error:
        sentence = explain(error, SqliteFile(to))
        if sentence is None:
            raise
        raise EnvironmentFaultError(sentence) from error
    finally:
        engine.dispose()
    _leave_one_file(to)
    return revision


def in_bytes(report: Report, size: int) -> Report:
    """Return what tells of rows as of so many bytes that all of them take."""
    return lambda done, total: report(size * done // max(total, 1), size)


def _size(source: Connection, table: str) -> int:
    return int(source.execute(text("SELECT pg_table_size(:name)"), {"name": table}).scalar_one())


def _copy_file(database: SqliteFile, to: Path) -> None:
    """Copy a database in use by SQLite's online backup: of one moment, while others write."""
    with (
        faults_in_a_sentence(database),
        closing(sqlite3.connect(database.path, timeout=_ANSWER)) as source,
        closing(sqlite3.connect(to)) as target,
    ):
        source.backup(target)
    _leave_one_file(to)


def _leave_one_file(path: Path) -> None:
    """Put the write-ahead log into the file, and do without one."""
    with faults_in_a_sentence(SqliteFile(path)), closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _revision_of_whole(metadata: Path, database: SqliteFile) -> str:
    """Return the schema of the copy, once it is known to be whole."""
    with faults_in_a_sentence(database), closing(sqlite3.connect(metadata)) as connection:
        (said,) = connection.execute("PRAGMA quick_check").fetchone()
        if said != "ok":
            raise EnvironmentFaultError(
                f"{database} is damaged ({said}); nothing was backed up: restore it from a backup."
            )
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(revision)
