"""Who may do what to the data at the same time.

Each lock goes with the process that holds it, however that ends.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_WRITER, _USERS = ".seed.lock", ".in-use.lock"


@contextmanager
def only_writer(data_dir: Path) -> Iterator[None]:
    """Keep out all others who write or remove tenants' files: seeding, ingesting, erasing.

    Raises:
        BlockingIOError: somebody else is writing.
        OSError: the folder cannot be written.
    """
    with _locked(data_dir / _WRITER, fcntl.LOCK_EX | fcntl.LOCK_NB):
        yield


@contextmanager
def in_use(data_dir: Path) -> Iterator[None]:
    """Keep the data from being replaced, as each process does that answers requests from them.

    Waits while they are being replaced.

    Raises:
        OSError: the folder cannot be written.
    """
    with _locked(data_dir / _USERS, fcntl.LOCK_SH):
        yield


@contextmanager
def nobody_else(data_dir: Path) -> Iterator[None]:
    """Keep everybody out, for replacing the data.

    Raises:
        BlockingIOError: somebody uses them.
        OSError: the folder cannot be written.
    """
    with only_writer(data_dir), _locked(data_dir / _USERS, fcntl.LOCK_EX | fcntl.LOCK_NB):
        yield


@contextmanager
def _locked(file: Path, operation: int) -> Iterator[None]:
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(descriptor, operation)
        yield
    finally:
        os.close(descriptor)
