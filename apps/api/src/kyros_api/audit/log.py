"""The audit log: written down before a request is answered, and into the table right after."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from kyros_api.audit.events import AuditEvent, Outcome
from kyros_api.audit.queries import insert_events
from kyros_api.audit.spool import Spool
from kyros_api.metadata.engine import CHANGES, take_turn

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

_log = logging.getLogger(__name__)
_PAUSE = 0.25  # seconds between two rounds: under load many events share a transaction
_LONGEST_PAUSE = 5.0  # ... and while the database does not take them
_FAREWELL = 0.5  # seconds for the last round when the process stops, after four for requests
_LONGEST_SPOOL = 4 << 20  # bytes, after which a new file is begun


class AuditUnavailableError(Exception):
    """An event could not be written down; what it tells of must not happen."""


class AuditLog:
    """Records events so that they outlive the process, and moves them into the table.

    Args:
        folder: of the spool files; all processes that share the table share it.
        engine: the metadata database.
    """

    def __init__(self, folder: Path, engine: Engine) -> None:
        self._folder = folder
        self._engine = engine
        self._spool: Spool | None = None
        self._full: Spool | None = None  # no longer written to, and not all moved yet
        self._lock = threading.Lock()  # held while a line is written, or a new file begun
        self._wake = threading.Event()
        self._hurry = threading.Event()  # somebody waits for a round, or for the end
        self._stopping = False
        self._progress = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="audit", daemon=True)

    def start(self) -> None:
        """Begin to move events, those first that a process before this one left."""
        self._wake.set()
        self._thread.start()

    def record(
        self,
        action: str,
        outcome: Outcome,
        *,
        actor: str | None,
        tenant_id: str | None = None,
        **details: str,
    ) -> None:
        """Write an event down; when this returns, it outlives the process.

        Args:
            action: what was tried, such as ``token.exchange``.
            outcome: whether it was allowed.
            actor: the email of who tried, None when nobody is known.
            tenant_id: the tenant it was about.
            details: what else explains it; never a token or a password.

        Raises:
            AuditUnavailableError: it could not be written.
        """
        event = AuditEvent.now(action, outcome, actor=actor, tenant_id=tenant_id, details=details)
        try:
            with self._lock:
                if self._spool is None:
                    self._spool = Spool.create(self._folder)
                self._spool.append(event)
        except OSError as error:
            raise AuditUnavailableError(str(error)) from error
        self._wake.set()

    @property
    def backlog(self) -> int:
        """Bytes of events that are written down and not in the table yet."""
        bytes_left = 0
        for spool in filter(None, (self._full, self._spool)):
            with suppress(OSError):  # all of it was moved just now, and the file closed
                bytes_left += spool.size - spool.moved
        return bytes_left

    def flush(self, timeout: float = 2.0) -> bool:
        """Wait until all that was recorded is in the table; False when it takes too long."""
        with self._lock:
            spool = self._spool
            wanted = spool.size if spool else 0
        if spool is None:
            return True
        self._hurry.set()
        with self._progress:
            return self._progress.wait_for(lambda: spool.moved >= wanted, timeout)

    def close(self) -> None:
        """Move what is left; what the database does not take stays for the next process."""
        self._stopping = True
        self._hurry.set()
        self._wake.set()
        self._thread.join(_FAREWELL)
        if not self._thread.is_alive():
            for spool in filter(None, (self._full, self._spool)):
                spool.close()

    def _run(self) -> None:
        pause = _PAUSE
        adopted = False
        while True:
            self._wake.wait()
            self._wake.clear()
            last_round = self._stopping
            try:
                if not adopted:
                    self._adopt()
                    adopted = True
                self._move_own()
                pause = _PAUSE
            except (SQLAlchemyError, OSError) as error:
                if pause == _PAUSE:
                    _log.warning("audit events wait in %s: %s", self._folder, error)
                pause = min(2 * pause, _LONGEST_PAUSE)
                self._wake.set()
            if last_round:
                return
            self._hurry.wait(pause)
            self._hurry.clear()

    def _adopt(self) -> None:
        for spool in Spool.abandoned(self._folder):
            try:
                self._move(spool)
            finally:
                spool.close()

    def _move_own(self) -> None:
        """Move what there is, and begin a new file whenever one is long: events may never cease."""
        if self._spool is None:
            return
        more = True
        while more:
            if self._full is None and self._spool.moved > _LONGEST_SPOOL:
                with self._lock:
                    self._full, self._spool = self._spool, Spool.create(self._folder)
            if self._full is not None:  # what the database refused of it comes before what is newer
                self._move(self._full)
                self._full.close()
                self._full = None
            more = self._move_some(self._spool)

    def _move(self, spool: Spool) -> None:
        while self._move_some(spool):
            pass

    def _move_some(self, spool: Spool) -> bool:
        """Move as much as is read at once; returns whether there was anything."""
        events, size = spool.read()
        if not size:
            return False
        with self._engine.begin() as connection:
            take_turn(connection, CHANGES, shared=True)  # an erasure wants to see all or none
            insert_events(connection, events)
        with self._progress:
            spool.moved += size
            self._progress.notify_all()
        return True
