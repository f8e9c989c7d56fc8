"""The metadata as requests use it: short reads on the event loop, writes beside it."""

from __future__ import annotations

import sqlite3
import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError
from starlette.concurrency import run_in_threadpool

from kyros_api.metadata.engine import open_engine, open_reader, sqlite_reader
from kyros_api.metadata.location import Location, SqliteFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

P = ParamSpec("P")
T = TypeVar("T")


class Metadata(ABC):
    """Reads and writes of one database.

    Args:
        location: where it is; it need not be there yet.

    Attributes:
        location: likewise.
        engine: for transactions beside the requests.
    """

    def __init__(self, location: Location) -> None:
        self.location = location
        self.engine = open_engine(location)
        self._patient = open_reader(location)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        self._patient.dispose()

    @abstractmethod
    async def read(
        self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function of SELECTs, each of which sees what is committed when it runs.

        Raises:
            SQLAlchemyError: the database is not there, or cannot be read.
        """

    async def scan(
        self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function of SELECTs that may take long: beside the event loop."""
        return await run_in_threadpool(self._scan, lambda opened: query(opened, *args, **kwargs))

    async def write(
        self, change: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function in one transaction: all of it or nothing.

        Raises:
            SQLAlchemyError: the database is not there, or somebody else kept it.
        """
        return await run_in_threadpool(self._write, lambda opened: change(opened, *args, **kwargs))

    def _scan(self, query: Callable[[Connection], T]) -> T:
        with self._patient.connect() as connection:
            return query(connection)

    def _write(self, change: Callable[[Connection], T]) -> T:
        with self.engine.begin() as connection:
            return change(connection)


def open_metadata(location: Location) -> Metadata:
    """Return what reads and writes the metadata; connecting happens on first use."""
    if isinstance(location, SqliteFile):
        return SqliteMetadata(location)
    return PostgresMetadata(location)


class SqliteMetadata(Metadata):
    """The metadata in a file.

    A read by key takes SQLite some hundredths of a millisecond, and in WAL mode it waits for no
    writer: handing it to a thread would cost several times the work. Should the file be locked all
    the same, the read waits in a thread, so that nobody else does.
    """

    def __init__(self, location: SqliteFile) -> None:
        super().__init__(location)
        self._path = location.path
        self._quick = sqlite_reader(location.path, busy_timeout_ms=0)
        self._open: Connection | None = None
        self._inode = 0
        self._look_again = 0.0

    def close(self) -> None:
        """Close every connection."""
        self._close_quick()
        super().close()

    async def read(
        self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function of SELECTs on the event loop, or in a thread where it has to wait."""
        try:
            return query(self._quick_connection(), *args, **kwargs)
        except OperationalError as error:
            code = getattr(error.orig, "sqlite_errorcode", 0)
            if code & 0xFF not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                self._close_quick()  # the next one tries anew
                raise
        return await self.scan(query, *args, **kwargs)

    def _quick_connection(self) -> Connection:
        """Return the loop's own connection; a new one within a second after a file was replaced."""
        now = time.monotonic()
        if self._open is None or now >= self._look_again:
            try:
                inode = self._path.stat().st_ino
            except OSError:
                inode = 0
            if self._open is None or inode != self._inode:
                self._close_quick()
                self._open = self._quick.connect()
                self._inode = inode
            self._look_again = now + 1
        return self._open

    def _close_quick(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None
        self._quick.dispose()


class PostgresMetadata(Metadata):
    """The metadata on a server: a read waits for the network, so it waits in a thread."""

    async def read(
        self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function of SELECTs in a thread; once more when the connection was gone."""
        try:
            return await self.scan(query, *args, **kwargs)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        return await self.scan(query, *args, **kwargs)
