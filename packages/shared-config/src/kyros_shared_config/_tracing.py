"""Traces: which service took how long for what, of one request; sent where a variable says.

Without ``OTEL_EXPORTER_OTLP_ENDPOINT`` nothing of OpenTelemetry is imported, and every function
here returns at once.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping
    from typing import Any

    from kyros_shared_config._opentelemetry import RequestSpan, Sender
    from kyros_shared_config._settings import ServiceSettings

_sender: Sender | None = None  # one a process, as its metrics


@dataclass
class TracedCall:
    """A request to another service.

    Attributes:
        headers: that go with it, to tie the other service's span to ours.
        status: of the answer, to be set when there is one.
    """

    headers: dict[str, str] = field(default_factory=dict)
    status: int | None = None


@contextmanager
def sending_traces(settings: ServiceSettings, service: str) -> Iterator[None]:
    """Send traces for the length of a block, if the settings say where to, and the rest at its end.

    A collector that is away or silent holds nobody up: its spans are dropped, with a line in the
    log, and a stop waits two seconds for it at most.

    Args:
        settings: of the service.
        service: its name, as in its log.
    """
    global _sender  # noqa: PLW0603 - the process has one, and requests come from everywhere
    if settings.otel_exporter_otlp_endpoint is None:
        yield
        return
    from kyros_shared_config._opentelemetry import Sender  # noqa: PLC0415 - only where it is used

    sender = _sender = Sender(settings.otel_exporter_otlp_endpoint, service, settings.kyros_env)
    try:
        yield
    finally:
        _sender = None
        sender.close()


def begin_request(scope: MutableMapping[str, Any]) -> RequestSpan | None:
    """Begin the span of a request that came in, below that of the service which sent it."""
    return _sender.begin_request(scope) if _sender else None


@contextmanager
def traced(name: str, attributes: Mapping[str, str] | None = None) -> Iterator[None]:
    """Trace a part of the work on the request at hand, for the length of a block.

    Args:
        name: of the part: one of those in the sources, nothing that somebody typed.
        attributes: likewise, by their names in OpenTelemetry's conventions.
    """
    if _sender is None:
        yield
    else:
        with _sender.part(name, attributes or {}):
            yield


@contextmanager
def traced_call(method: str, route: str) -> Iterator[TracedCall]:
    """Trace a request to another service, for the length of a block that sends it.

    Args:
        method: of the request.
        route: its template.
    """
    call = TracedCall()
    if _sender is None:
        yield call
    else:
        with _sender.call(method, route, call):
            yield call
