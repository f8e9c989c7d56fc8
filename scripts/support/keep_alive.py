"""Keep one local service alive: start it, and start it again whenever it ends by itself.

Honcho, which runs these, stops everything when one of its processes ends; so what honcho sees is
this wrapper, which ends only when it is told to.

    python -m scripts.support.keep_alive [--after URL] -- COMMAND...
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

from scripts.support.waiting import is_healthy

if TYPE_CHECKING:
    from types import FrameType

_LOOK = 0.25  # seconds between two looks at the service
_GRACE = 4.0  # seconds to end in order, below the five that honcho gives
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 10.0
_STEADY = 20.0  # a service that ran for so long starts again without waiting


class KeepAlive:
    """Runs a command until told to stop."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._stopping = threading.Event()
        self._pause = _FIRST_PAUSE

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """End the service and the loop."""
        self._stopping.set()

    def wait_for(self, url: str) -> None:
        """Wait until another service is healthy."""
        while not self._stopping.is_set() and not is_healthy(url):
            self._stopping.wait(_LOOK)

    def run(self) -> None:
        """Run the service again and again."""
        while not self._stopping.is_set():
            began = time.monotonic()
            how = self._run_once()
            if self._stopping.is_set():
                return
            if time.monotonic() - began > _STEADY:
                self._pause = _FIRST_PAUSE
            _say(f"{how}; starting it again in {self._pause:g} s")
            self._stopping.wait(self._pause)
            self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    def _run_once(self) -> str:
        """Run the service and say how it ended; nothing of it is left then."""
        # A process group of its own: a killed parent must not leave a child on the port.
        service = subprocess.Popen(self._command, start_new_session=True)
        try:
            while service.poll() is None and not self._stopping.wait(_LOOK):
                pass
            return _ending(service.returncode)
        finally:
            _end_group(service)


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"


def _end_group(service: subprocess.Popen[bytes]) -> None:
    _signal_group(service.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        service.wait(_GRACE)
    # Its children too, whether or not it had the time to end them.
    _signal_group(service.pid, signal.SIGKILL)
    service.wait()


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _say(text: str) -> None:
    sys.stdout.write(f"keep-alive: {text}\n")
    sys.stdout.flush()


def main() -> None:
    """Run the command given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--after", metavar="URL", help="wait until this service is healthy")
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    keeper = KeepAlive(arguments.command)
    signal.signal(signal.SIGTERM, keeper.stop)
    signal.signal(signal.SIGINT, keeper.stop)
    if arguments.after:
        keeper.wait_for(arguments.after)
    keeper.run()


if __name__ == "__main__":
    main()
