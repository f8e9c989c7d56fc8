"""Spans by OpenTelemetry's library; imported only where traces are sent.

Made here rather than by the ready-made instrumentation of ASGI and HTTP clients, which writes
whole addresses into its spans: with the query, and so with what people look for. The names are
those of the semantic conventions for HTTP.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping
    from typing import Any

    from kyros_shared_config._tracing import TracedCall

_PATIENCE = 2.0  # seconds for the collector, at each attempt and at the end
_FIRST_FAILURE = 500
_W3C = TraceContextTextMapPropagator()


class Sender:
    """Makes the spans of one service, and sends them from a thread of its own.

    Args:
        endpoint: the collector's address; spans go to ``/v1/traces`` below it (OTLP by HTTP).
        service: the name under which its spans are shown.
        environment: where it runs.
    """

    def __init__(self, endpoint: str, service: str, environment: str) -> None:
        resource = Resource.create(
            {"service.name": service, "deployment.environment.name": environment}
        )
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        address = f"{endpoint.rstrip('/')}/v1/traces"
        self._exporter = OTLPSpanExporter(address, timeout=_PATIENCE)
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter))
        self._tracer = self._provider.get_tracer("kyros")
        # One line when spans are lost, not one for each attempt.
        logging.getLogger("opentelemetry").setLevel(logging.ERROR)

    def close(self) -> None:
        """Send what is left, as long as the collector takes it."""
        # By its own word it would wait for half a minute, and the engine kills after five seconds.
        closing = Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        closing.join(_PATIENCE)
        if closing.is_alive():
            self._exporter.shutdown()  # type: ignore[no-untyped-call] # makes no further attempt

    def begin_request(self, scope: MutableMapping[str, Any]) -> RequestSpan:
        """Begin the span of a request, and make it the one at hand."""
        carried = {
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in scope["headers"]
            if name in {b"traceparent", b"tracestate"}
        }
        span = self._tracer.start_span(
            scope["method"],
            _W3C.extract(carried, context.Context()),
            trace.SpanKind.SERVER,
            {
                "http.request.method": scope["method"],
                "url.path": scope["path"],
                "url.scheme": scope.get("scheme", "http"),
            },
        )
        return RequestSpan(span, scope["method"])

    @contextmanager
    def part(self, name: str, attributes: Mapping[str, str]) -> Iterator[None]:
        """Trace a part of the work on the request at hand."""
        with self._current(name, trace.SpanKind.INTERNAL, attributes):
            yield

    @contextmanager
    def call(self, method: str, route: str, call: TracedCall) -> Iterator[None]:
        """Trace a request to another service; its headers are given to the call."""
        attributes = {"http.request.method": method, "url.template": route}
        with self._current(f"{method} {route}", trace.SpanKind.CLIENT, attributes) as span:
            _W3C.inject(call.headers)
            yield
            _say_status(span, call.status)

    @contextmanager
    def _current(
        self, name: str, kind: trace.SpanKind, attributes: Mapping[str, str]
    ) -> Iterator[trace.Span]:
        # What an error says stands in the log; a span has but its kind.
        with self._tracer.start_as_current_span(
            name,
            kind=kind,
            attributes=dict(attributes),
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield span
            except BaseException as error:
                span.set_attribute("error.type", type(error).__qualname__)
                span.set_status(trace.StatusCode.ERROR)
                raise


def _say_status(span: trace.Span, status: int | None) -> None:
    if status is not None:
        span.set_attribute("http.response.status_code", status)
    if status is None or status >= _FIRST_FAILURE:
        span.set_attribute("error.type", "none" if status is None else str(status))
        span.set_status(trace.StatusCode.ERROR)


class RequestSpan:
    """The span of one request, from its head to the end of its answer.

    Args:
        span: that was begun.
        method: of the request.
    """

    def __init__(self, span: trace.Span, method: str) -> None:
        self._span, self._method = span, method
        self._token = context.attach(trace.set_span_in_context(span))

    @property
    def trace_id(self) -> str | None:
        """The id under which a collector shows it, for the log; None when it is not sent."""
        if not self._span.is_recording():
            return None
        return trace.format_trace_id(self._span.get_span_context().trace_id)

    def end(self, status: int | None, request_id: str, fields: Mapping[str, object]) -> None:
        """End it with what the log says of the request.

        Args:
            status: of the answer, None when there was none.
            request_id: of the request.
            fields: ``route``, and ``tenant`` and ``user`` where they are known, by their ids.
        """
        span = self._span
        span.update_name(f"{self._method} {fields['route']}")
        span.set_attribute("http.route", str(fields["route"]))
        span.set_attribute("kyros.request_id", request_id)
        for name, said in (("tenant", "kyros.tenant.id"), ("user", "user.id")):
            if name in fields:
                span.set_attribute(said, str(fields[name]))
        _say_status(span, status)
        context.detach(self._token)
        span.end()
