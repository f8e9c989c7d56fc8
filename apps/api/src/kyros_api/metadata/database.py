"""The metadata as requests use it: short reads on the event loop, writes beside it."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool

from kyros_api.metadata.engine import BUSY_TIMEOUT_MS, sqlite_engine, sqlite_reader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection

P = ParamSpec("P")
T = TypeVar("T")


class Metadata:
    """Reads and writes of one SQLite file.

    A read by key takes SQLite some hundredths of a millisecond, and in WAL mode it waits for no
    writer: handing it to a thread would cost several times the work. Should the file be locked all
    the same, the read waits in a thread, so that nobody else does.

    Args:
        path: the file; it need not be there yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.engine = sqlite_engine(path)
        self._patient = sqlite_reader(path, busy_timeout_ms=BUSY_TIMEOUT_MS)
        self._quick = sqlite_reader(path, busy_timeout_ms=0)
        self._open: Connection | None = None
        self._inode = 0
        self._look_again = 0.0

    def close(self) -> None:
        """Close every connection."""
        self._close_quick()
        for engine in (self.engine, self._patient, self._quick):
            engine.dispose()

    async def read(
        self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function of SELECTs, each of which sees what is committed when it runs.

        Raises:
            SQLAlchemyError: the database is not there, or cannot be read.
        """
        try:
            return query(self._quick_connection(), *args, **kwargs)
        except OperationalError as error:
            code = getattr(error.orig, "sqlite_errorcode", 0)
            if code & 0xFF not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                self._close_quick()  # the next one tries anew
                raise
        return await self.scan(query, *args, **kwargs)

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
