"""What a dashboard counts besides its requests: its callbacks, and what it asks the API."""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from prometheus_client import Counter, Histogram

from kyros_shared_config import SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

_callbacks = Counter(
    "kyros_dash_callbacks",
    "Callbacks by how they ended: done, failed, or called off by the page.",
    ("dashboard", "outcome"),
)
_callback_seconds = Histogram(
    "kyros_dash_callback_duration_seconds",
    "How long callbacks took, the API's answers included.",
    ("dashboard",),
    buckets=SECONDS,
)
_api_requests = Counter(
    "kyros_api_client_requests",
    "Questions to the API by the status of its answer; none when it gave none.",
    ("dashboard", "status"),
)
_api_seconds = Histogram(
    "kyros_api_client_duration_seconds",
    "How long the API took to begin its answer.",
    ("dashboard",),
    buckets=SECONDS,
)


def service_name(slug: str) -> str:
    """Return what a dashboard's service is called in logs and metrics."""
    return f"dash-{slug}"


class Timed:
    """One thing that is counted when its block ends.

    Attributes:
        outcome: how it ended; what it begins with holds if the block breaks off.
        broken: whether the reader got a sentence in place of what they asked for, for no fault
            of theirs.
    """

    def __init__(self, outcome: str) -> None:
        self.outcome = outcome
        self.broken = False


_running: ContextVar[Timed | None] = ContextVar("kyros_callback", default=None)


@contextmanager
def callback(dashboard: str) -> Iterator[Timed]:
    """Count a callback, which has failed unless it says otherwise."""
    timed = Timed("failed")
    token = _running.set(timed)
    try:
        with _timed(dashboard, timed, _callbacks, _callback_seconds):
            yield timed
    finally:
        _running.reset(token)


def callback_broke() -> None:
    """Say that the callback at hand answers by an apology; outside of one, nothing happens."""
    if timed := _running.get():
        timed.broken = True


@contextmanager
def api_request(dashboard: str) -> Iterator[Timed]:
    """Count a question to the API, which has no answer unless it says otherwise."""
    with _timed(dashboard, Timed("none"), _api_requests, _api_seconds) as timed:
        yield timed


@contextmanager
def _timed(dashboard: str, timed: Timed, counter: Counter, seconds: Histogram) -> Iterator[Timed]:
    began = time.perf_counter()
    try:
        yield timed
    finally:
        outcome = "failed" if timed.broken else timed.outcome
        counter.labels(dashboard, outcome).inc()
        seconds.labels(dashboard).observe(time.perf_counter() - began)
