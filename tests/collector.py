"""A collector of traces for tests: takes what services send by OTLP over HTTP, and keeps it."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import uvicorn
from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

_JSON = "application/json"  # as the shell sends it; the Python services send Protocol Buffers


@dataclass(frozen=True)
class Span:
    """One span, as a collector shows it.

    Attributes:
        service: that sent it.
        name: of the span.
        kind: such as ``SPAN_KIND_SERVER``.
        trace: the id of its trace, in hexadecimal digits.
        span: its own.
        parent: that of the span it is a part of; empty when it is the first.
        failed: whether it says that it failed.
        attributes: by name, as text.
    """

    service: str
    name: str
    kind: str
    trace: str
    span: str
    parent: str
    failed: bool
    attributes: dict[str, str]


@dataclass
class Collector:
    """What was sent so far.

    Attributes:
        endpoint: for ``OTEL_EXPORTER_OTLP_ENDPOINT``.
        spans: in the order in which they came.
        sent: the bodies of all requests, to look for what must not be in them.
    """

    endpoint: str
    spans: list[Span] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)

    def of(self, trace: str) -> list[Span]:
        """Return the spans of one trace."""
        return [span for span in self.spans if span.trace == trace]

    def take(self, kind: str, body: bytes) -> None:
        """Keep what one request carried."""
        self.sent.append(body)
        self.spans += _of_json(body) if kind == _JSON else _of_protocol_buffers(body)


@contextmanager
def collecting() -> Iterator[Collector]:
    """Run a collector on a free port of this machine, for the length of a block."""

    async def take(request: Request) -> Response:
        collector.take(request.headers["content-type"], await request.body())
        return Response()

    app = Starlette(routes=[Route("/v1/traces", take, methods=["POST"])])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        collector = Collector(f"http://127.0.0.1:{listening.getsockname()[1]}")
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield collector
        finally:
            server.should_exit = True
            thread.join()


def _of_protocol_buffers(body: bytes) -> list[Span]:
    message = ExportTraceServiceRequest.FromString(body)
    found = []
    # Protocol Buffers have ids as bytes, and their own way to JSON writes those in base 64.
    for part in message.resource_spans:
        resource = MessageToDict(part.resource)
        for span in (span for scope in part.scope_spans for span in scope.spans):
            ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
            found.append(_span(resource, MessageToDict(span), *ids))
    return found


def _of_json(body: bytes) -> list[Span]:
    return [
        _span(part["resource"], span, span["traceId"], span["spanId"], span.get("parentSpanId", ""))
        for part in json.loads(body)["resourceSpans"]
        for scope in part["scopeSpans"]
        for span in scope["spans"]
    ]


_KINDS = {1: "SPAN_KIND_INTERNAL", 2: "SPAN_KIND_SERVER", 3: "SPAN_KIND_CLIENT"}
_ERRORS = (2, "STATUS_CODE_ERROR")


def _span(
    resource: dict[str, Any], span: dict[str, Any], trace: str, own: str, parent: str
) -> Span:
    kind = span["kind"]
    return Span(
        service=_attributes(resource)["service.name"],
        name=span["name"],
        kind=_KINDS.get(kind, kind),
        trace=trace,
        span=own,
        parent=parent,
        failed=span.get("status", {}).get("code") in _ERRORS,
        attributes=_attributes(span),
    )


def _attributes(of: dict[str, Any]) -> dict[str, str]:
    return {one["key"]: str(next(iter(one["value"].values()))) for one in of.get("attributes", ())}
