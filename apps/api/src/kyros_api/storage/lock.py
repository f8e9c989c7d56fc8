"""One at a time among those who write or remove tenants' files: seeding, ingesting, erasing."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def only_writer(data_dir: Path) -> Iterator[None]:
    """Keep every other writer out; the lock goes with the process that holds it.

    Raises:
        BlockingIOError: somebody else is writing.
        OSError: the folder cannot be written.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(data_dir / ".seed.lock", os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
