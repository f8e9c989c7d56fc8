"""The metadata as commands use it: one transaction, and one sentence when it cannot be had."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DatabaseError

from kyros_api.administration.errors import EnvironmentFaultError
from kyros_api.metadata import HEAD
from kyros_api.metadata.engine import BUSY_TIMEOUT_MS, sqlite_engine, sqlite_reader
from kyros_api.metadata.revision import current_revision

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_BROKEN = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_UNUSABLE = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


@contextmanager
def changing(path: Path) -> Iterator[Connection]:
    """Open the one transaction of a command that changes something.

    Raises:
        EnvironmentFaultError: it cannot be had, or could not be committed; nothing was changed.
    """
    with _faults_in_a_sentence(path):
        engine = sqlite_engine(path)
        try:
            with engine.begin() as connection:
                _refuse_other_schema(connection, path)
                yield connection
        finally:
            engine.dispose()


@contextmanager
def reading(path: Path) -> Iterator[Connection]:
    """Open the metadata as they are at this moment, whatever others write meanwhile.

    Raises:
        EnvironmentFaultError: they cannot be read.
    """
    with _faults_in_a_sentence(path):
        engine = sqlite_reader(path, busy_timeout_ms=BUSY_TIMEOUT_MS)
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql("BEGIN")
                _refuse_other_schema(connection, path)
                yield connection
        finally:
            engine.dispose()


def compact(path: Path) -> None:
    """Write the file anew, so that nothing of deleted rows is left in it or beside it.

    Raises:
        EnvironmentFaultError: somebody keeps it open, or the disk is full.
    """
    with _faults_in_a_sentence(path):
        opened = sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)
        with closing(opened) as connection:
            connection.execute("VACUUM")
            (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise EnvironmentFaultError(
            f"Somebody reads {path} for so long that its log cannot be emptied; repeat the command."
        )


def _refuse_other_schema(connection: Connection, path: Path) -> None:
    revision = current_revision(connection)
    if revision != HEAD:
        raise EnvironmentFaultError(
            f"{path} has schema {revision or 'none'} and this version needs {HEAD}; "
            "start the platform once, or run: kyros-api migrate."
        )


@contextmanager
def _faults_in_a_sentence(path: Path) -> Iterator[None]:
    if not path.is_file():
        raise EnvironmentFaultError(
            f"There is no metadata database at {path}; let DATABASE_PATH name it, or make one: "
            "nox -s seed (with the demo) or kyros-api migrate (empty)."
        )
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        cause = getattr(error, "orig", error)
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        if code in _BUSY:
            sentence = f"{path} is locked by another program; wait until it has finished and repeat"
        elif code in _BROKEN:
            sentence = f"{path} is damaged or is no database; restore it from a backup"
        elif code in _UNUSABLE:
            sentence = f"{path} cannot be used ({cause}); free the disk or mend the permissions"
        else:
            raise
        raise EnvironmentFaultError(f"{sentence}.") from error
