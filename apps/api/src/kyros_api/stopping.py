"""A stop that comes to its end, whatever the process is doing."""

from __future__ import annotations

import logging
import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_log = logging.getLogger(__name__)
_LONGEST = 4.7  # seconds; who stops us waits for five
_KILLED = 128 + signal.SIGTERM


@contextmanager
def stopping_in_time() -> Iterator[None]:
    """End the process some seconds after it was told to stop, should it not have ended by then.

    The server waits four seconds for who is being answered, and then for what closes: for a lock
    on the data, or for a database that is silent, that could be for ever. Nothing is lost: audit
    events are in a file that the next process takes over, and all else is in transactions.
    """
    usual = signal.getsignal(signal.SIGTERM)
    if threading.current_thread() is not threading.main_thread() or not callable(usual):
        yield  # as in tests: no server runs that a signal stops
        return

    def stop(number: int, frame: FrameType | None) -> None:
        last_resort = threading.Timer(_LONGEST, _end)
        last_resort.daemon = True
        last_resort.start()
        usual(number, frame)

    signal.signal(signal.SIGTERM, stop)
    yield  # the server puts back what was there before it


def _end() -> None:
    _log.warning("did not stop within %s seconds and ends all the same", _LONGEST)
    os._exit(_KILLED)
