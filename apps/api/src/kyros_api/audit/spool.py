"""A file that audit events are appended to before their request is answered.

An appended line survives the death of the process at any instant. It becomes a row a moment later,
when :mod:`kyros_api.audit.log` moves it into the table; so neither a locked database nor a slow
disk makes anybody wait, and nothing is lost between the two.
"""

from __future__ import annotations

import fcntl
import os
import uuid
from typing import TYPE_CHECKING

from kyros_api.audit.events import AuditEvent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CHUNK = 1 << 20  # bytes read at once
_SUFFIX = ".jsonl"


class Spool:
    """A file of events that are not in the table yet, which one process at a time owns.

    It is locked for as long as its process lives: another that can lock it knows that its owner is
    gone, and takes over what is left in it.

    Raises:
        OSError: it cannot be written, or another process owns it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self.moved = 0  # bytes that are in the table
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._descriptor)
            raise
        if not os.fstat(self._descriptor).st_nlink:
            os.close(self._descriptor)
            raise BlockingIOError("It was taken for abandoned, and removed.")

    @classmethod
    def create(cls, folder: Path) -> Spool:
        """Open a new file below ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            try:
                return cls(folder / f"{uuid.uuid4().hex}{_SUFFIX}")
            except BlockingIOError:
                continue  # taken for abandoned between its making and its locking

    @classmethod
    def abandoned(cls, folder: Path) -> Iterator[Spool]:
        """Open each file whose process is gone."""
        for path in sorted(folder.glob(f"*{_SUFFIX}")):
            try:
                yield cls(path)
            except OSError:
                continue  # its process lives, or another one was quicker

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return os.fstat(self._descriptor).st_size

    def append(self, event: AuditEvent) -> None:
        """Write one line.

        Raises:
            OSError: not all of it could be written, as on a full disk.
        """
        line = event.to_line()
        written = os.write(self._descriptor, line)
        if written < len(line):
            os.ftruncate(self._descriptor, self.size - written)  # or it would spoil the next line
            raise OSError("The disk took only a part of an audit event.")

    def read(self) -> tuple[list[AuditEvent], int]:
        """Return some events that are not moved yet, and how many bytes they take."""
        data = os.pread(self._descriptor, _CHUNK, self.moved)
        end = data.rfind(b"\n") + 1
        events = []
        for line in data[:end].splitlines():
            try:
                events.append(AuditEvent.from_line(line))
            except ValueError:
                continue  # cut off by a crash: its request was not answered; or blanked since
        return events, end

    def close(self) -> None:
        """Remove the file if all of it was moved; else leave it for the next process."""
        if self.read()[1] == 0:
            self._path.unlink(missing_ok=True)
        os.close(self._descriptor)
