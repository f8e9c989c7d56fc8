"""What every Python service does around a request, by the ASGI protocol alone."""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING, Any

from kyros_shared_config._error_form import error_body
from kyros_shared_config._metrics import NO_ROUTE, RequestMetrics
from kyros_shared_config._request_id import HEADER, accept_or_make, request_id_var
from kyros_shared_config._tracing import begin_request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, MutableMapping

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_log = logging.getLogger("kyros.request")
HEALTH_PATH = "/health"
_UNEXPECTED = (
    "INTERNAL_ERROR",
    "Something went wrong here; quote the request id when you report it.",
)


def _given_id(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == HEADER:
            return str(value.decode("latin-1"))
    return None


async def send_json(
    send: Send, status: int, body: object, headers: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    """Answer an HTTP request with JSON that nobody may store."""
    payload = json.dumps(body).encode()
    start = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(payload)).encode()),
        (b"cache-control", b"no-store"),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": payload})


class RequestLogMiddleware:
    """Gives each request its id, returns it; logs, counts and traces it until it is answered.

    What nobody inside has caught becomes a 500 in the one error form: the traceback goes to the
    log and no further. Outermost of all, so that refusals have an id as well. What other layers
    put into ``scope["state"]["log"]`` goes into the line: ``tenant`` and ``user``, by their ids,
    and ``route``, where the framework does not say it. A token never does, and neither does the
    query, which may hold what people search for.

    Args:
        app: what answers.
        service: the name under which requests are counted.
        headers: that every answer has, unless the one who answers said otherwise.
    """

    def __init__(
        self, app: ASGIApp, *, service: str, headers: Iterable[tuple[bytes, bytes]] = ()
    ) -> None:
        self._app = app
        self._metrics = RequestMetrics(service)
        self._defaults = tuple(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        request_id = accept_or_make(_given_id(scope))
        token = request_id_var.set(request_id)
        began = time.perf_counter()
        status: int | None = None

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._complete(message.get("headers", ()), request_id)
            await send(message)

        fields: dict[str, object] = {}
        scope.setdefault("state", {})["log"] = fields
        watched = scope["type"] == "http" and scope["path"] != HEALTH_PATH
        span = begin_request(scope) if watched else None
        if span:
            fields["trace_id"] = span.trace_id
        try:
            await self._app(scope, receive, send_with_id)
        except Exception:
            _log.exception("unexpected error in %s", scope["path"])
            if status is not None or scope["type"] != "http":
                raise  # too late for another answer: the server breaks the connection
            await send_json(send_with_id, 500, error_body(*_UNEXPECTED))
        finally:
            if scope["type"] == "http":
                fields.setdefault("route", _route_of(scope))
                self._record(scope, status, time.perf_counter() - began, request_id)
            if span:
                span.end(status, request_id, fields)
            request_id_var.reset(token)

    def _record(self, scope: Scope, status: int | None, seconds: float, request_id: str) -> None:
        fields = scope["state"]["log"]
        _log_request(scope, status, seconds, request_id, fields)
        if scope["path"] != HEALTH_PATH:
            self._metrics.record(
                route=fields["route"],
                method=scope["method"],
                status=status,
                seconds=seconds,
                tenant=fields.get("tenant"),
            )

    def _complete(
        self, headers: Iterable[tuple[bytes, bytes]], request_id: str
    ) -> list[tuple[bytes, bytes]]:
        complete = [*headers, (HEADER, request_id.encode())]
        present = {name for name, _ in complete}
        complete += [pair for pair in self._defaults if pair[0] not in present]
        return complete


def _route_of(scope: Scope) -> str:
    """Return the template of the route that answered, as FastAPI leaves it in the scope."""
    return getattr(scope.get("route"), "path", None) or NO_ROUTE


def _log_request(
    scope: Scope, status: int | None, seconds: float, request_id: str, fields: dict[str, object]
) -> None:
    # Healthchecks come every few seconds and say nothing: they are for debugging only.
    level = logging.DEBUG if scope["path"] == HEALTH_PATH else logging.INFO
    if not _log.isEnabledFor(level):
        return
    extra = {
        "method": scope["method"],
        "path": scope["path"],
        "status": status,
        "milliseconds": round(seconds * 1000, 1),
        "request_id": request_id,
        **fields,
    }
    _log.log(level, "%s %s", scope["method"], scope["path"], extra=extra)
