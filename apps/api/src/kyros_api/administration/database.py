"""The metadata as commands use it: one transaction, and one sentence when it cannot be had."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from kyros_api.administration.errors import EnvironmentFaultError
from kyros_api.metadata import HEAD
from kyros_api.metadata.engine import (
    BUSY_TIMEOUT_MS,
    CHANGES,
    open_engine,
    open_reader,
    take_turn,
)
from kyros_api.metadata.faults import explain
from kyros_api.metadata.location import SqliteFile
from kyros_api.metadata.revision import current_revision
from kyros_api.metadata.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from kyros_api.metadata.location import Location


@contextmanager
def changing(location: Location) -> Iterator[Connection]:
    """Open the one transaction of a command that changes something.

    Raises:
        EnvironmentFaultError: it cannot be had, or could not be committed; nothing was changed.
    """
    with faults_in_a_sentence(location):
        engine = open_engine(location)
        try:
            with engine.begin() as connection:
                take_turn(connection, CHANGES)
                _refuse_other_schema(connection, location)
                yield connection
        finally:
            engine.dispose()


@contextmanager
def migrating(location: Location) -> Iterator[Connection]:
    """Open the one transaction of a migration; a SQLite file that is not there is made.

    Raises:
        EnvironmentFaultError: it cannot be had; nothing was changed.
    """
    if isinstance(location, SqliteFile):
        location.path.parent.mkdir(parents=True, exist_ok=True)
    with _explained(location):
        engine = open_engine(location, create=True)
        try:
            with engine.begin() as connection:
                take_turn(connection, CHANGES)
                yield connection
        finally:
            engine.dispose()


@contextmanager
def reading(location: Location) -> Iterator[Connection]:
    """Open the metadata as they are at this moment, whatever others write meanwhile.

    Raises:
        EnvironmentFaultError: they cannot be read.
    """
    with one_moment(location) as connection:
        _refuse_other_schema(connection, location)
        yield connection


@contextmanager
def one_moment(location: Location) -> Iterator[Connection]:
    """Open the metadata likewise, whatever schema they have.

    Raises:
        EnvironmentFaultError: they cannot be read.
    """
    with faults_in_a_sentence(location):
        engine = open_reader(location)
        try:
            with engine.connect() as connection:
                if isinstance(location, SqliteFile):
                    connection.exec_driver_sql("BEGIN")
                else:
                    connection.execution_options(isolation_level="REPEATABLE READ")
                yield connection
        finally:
            engine.dispose()


def compact(location: Location) -> None:
    """Write the database anew, so that nothing of deleted rows is left in its files.

    Raises:
        EnvironmentFaultError: somebody keeps it open, or the disk is full.
    """
    with faults_in_a_sentence(location):
        if isinstance(location, SqliteFile):
            _compact_file(location.path)
            return
        engine = open_engine(location)
        try:
            with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                for table in metadata.sorted_tables:
                    connection.exec_driver_sql(f"VACUUM FULL {table.name}")
        finally:
            engine.dispose()


def _compact_file(path: Path) -> None:
    opened = sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)
    with closing(opened) as connection:
        connection.execute("VACUUM")
        (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise EnvironmentFaultError(
            f"Somebody reads {path} for so long that its log cannot be emptied; repeat the command."
        )


def _refuse_other_schema(connection: Connection, location: Location) -> None:
    revision = current_revision(connection)
    if revision != HEAD:
        raise EnvironmentFaultError(
            f"{location} has schema {revision or 'none'} and this version needs {HEAD}; "
            "start the platform once, or run: kyros-api migrate."
        )


@contextmanager
def faults_in_a_sentence(location: Location) -> Iterator[None]:
    """Say in a sentence what keeps the metadata from being used.

    Raises:
        EnvironmentFaultError: what came out of the block, if it is a fault of the database.
    """
    if isinstance(location, SqliteFile) and not location.path.is_file():
        raise EnvironmentFaultError(
            f"There is no metadata database at {location}; let DATABASE_PATH name it, or make one: "
            "nox -s seed (with the demo) or kyros-api migrate (empty)."
        )
    with _explained(location):
        yield


@contextmanager
def _explained(location: Location) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, sqlite3.DatabaseError) as error:
        sentence = explain(error, location)
        if sentence is None:
            raise
        raise EnvironmentFaultError(sentence) from error
