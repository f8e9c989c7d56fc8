"""Waiting: for health, for the person's Ctrl-C, for a process to end."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from typing import TYPE_CHECKING

import requests

from scripts.support.project import SERVICES, open_url
from scripts.support.terminal import console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from scripts.support.project import Service

_PAUSE = 0.2
_GRACE = 10


def is_healthy(url: str) -> bool:
    """Ask a service's /health once."""
    try:
        return requests.get(f"{url}/health", timeout=5).ok
    except requests.RequestException:
        return False


def wait_until_healthy(
    values: Mapping[str, str], give_up: Callable[[], bool], services: Iterable[Service] = SERVICES
) -> bool:
    """Wait until every service is healthy; False when `give_up`, asked between rounds, says so."""
    missing = set(services)
    while missing:
        missing -= {service for service in missing if is_healthy(service.url(values))}
        if missing:
            if give_up():
                return False
            time.sleep(_PAUSE)
    return True


def announce_when_healthy(
    values: Mapping[str, str], stack: subprocess.Popen[bytes], began: float
) -> None:
    """Print the URL to open, between the logs, once every local service is healthy."""
    announce(open_url(values), began, stack, lambda: all_healthy(values))


def all_healthy(values: Mapping[str, str]) -> bool:
    """Ask every service once."""
    return all(is_healthy(service.url(values)) for service in SERVICES)


def announce(
    url: str, began: float, stack: subprocess.Popen[bytes], healthy: Callable[[], bool]
) -> None:
    """Print the URL to open, between the logs, once the whole stack is healthy."""

    def watch() -> None:
        while not healthy():
            if stack.poll() is not None:
                return
            time.sleep(_PAUSE)
        seconds = time.monotonic() - began
        console.rule(f"healthy after {seconds:.1f} s, open [bold]{url}[/] (Ctrl-C stops)")

    threading.Thread(target=watch, daemon=True).start()


def wait_for_signal(process: subprocess.Popen[bytes]) -> bool:
    """Wait for Ctrl-C, a request to end, or the end of whoever started this.

    Returns:
        Whether one of them came; False when the process ended by itself.
    """
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: asked.set())
    parent = os.getppid()
    while process.poll() is None:
        if asked.wait(_PAUSE) or os.getppid() != parent:
            return True
    return asked.is_set()


def end(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process that was told to end; kill it when it does not."""
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
