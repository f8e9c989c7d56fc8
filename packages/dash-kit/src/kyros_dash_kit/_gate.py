"""The door of a dashboard: pure ASGI, in front of everything that Dash does.

Dash's own ``before_request`` cannot refuse (its answer is ignored, and assets skip it) and its
catch-all answers any path with the page. So the paths are listed here, and whatever is not in
the list does not reach Dash.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from kyros_dash_kit._context import RequestContext, entered
from kyros_dash_kit._metrics import service_name
from kyros_shared_config import (
    NO_ROUTE,
    TokenAuthority,
    TokenError,
    TokenInvalidError,
    bearer_token,
    count_denial,
    error_body,
    send_json,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEALTH_PATH = "/health"
_SLUG = r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?"
_READ = ("GET", "HEAD")
_PRIVATE = {
    "": _READ,
    "_dash-layout": _READ,
    "_dash-dependencies": _READ,
    "_kyros-rows": _READ,
    "_reload-hash": _READ,
    "_dash-update-component": ("POST",),
}
_STATIC_FOLDERS = ("_dash-component-suites/", "assets/")
_STATIC_FILES = ("_favicon.ico",)


class Kind(Enum):
    """What lies behind a path."""

    HEALTH = auto()
    STATIC = auto()
    PRIVATE = auto()
    UNKNOWN = auto()


class _Place(NamedTuple):
    """What is at a path, how it may be asked for, and the path's template."""

    kind: Kind
    methods: tuple[str, ...]
    route: str


_NOWHERE = _Place(Kind.UNKNOWN, (), NO_ROUTE)


class BadPrefixError(Exception):
    """X-Forwarded-Prefix is not a path under which a shell shows this dashboard."""


class Gate:
    """Lets a request through to the application, or answers it.

    Static files and ``/health`` are for everybody; all else needs a valid tenant token. Only
    then is ``X-Forwarded-Prefix`` looked at. WebSockets are refused.

    Args:
        app: answers the requests of verified tenants.
        static: answers the requests for static files.
        slug: the dashboard's slug; its paths are under ``/dash/<slug>/``.
        authority: verifies tokens.
        headers: go out with every answer of ``app``.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        static: ASGIApp,
        slug: str,
        authority: TokenAuthority,
        headers: Iterable[tuple[bytes, bytes]],
    ) -> None:
        self._app = app
        self._static = static
        self._service = service_name(slug)
        self._authority = authority
        self._headers = list(headers)
        self._base = f"/dash/{slug}/"
        self._forwarded = re.compile(rf"/tenant/{_SLUG}/dash/{re.escape(slug)}/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] + "/" == self._base:
            # Without its slash it is the same page, and not a redirect to where the browser
            # cannot go.
            scope = {**scope, "path": self._base}
        kind, methods, route = self._classify(scope["path"])
        fields: dict[str, str] = scope.setdefault("state", {}).setdefault("log", {})
        fields["route"] = route
        if kind is Kind.HEALTH:
            await _health(send)
        elif kind is Kind.STATIC:
            await self._allowed(self._static, scope, receive, send, methods)
        else:
            await self._private(scope, receive, send, kind, methods)

    async def _private(
        self, scope: Scope, receive: Receive, send: Send, kind: Kind, methods: tuple[str, ...]
    ) -> None:
        try:
            context = self._context(scope)
        except TokenError as error:
            count_denial(self._service, error.code)
            challenge = (b"www-authenticate", b"Bearer")
            await send_json(send, 401, error_body(error.code, str(error)), [challenge])
            return
        except BadPrefixError as error:
            await send_json(send, 400, error_body("INVALID_REQUEST", str(error)))
            return
        claims = context.claims
        scope["state"]["log"].update(tenant=claims.tenant_id, user=claims.sub)
        if kind is Kind.UNKNOWN:
            await send_json(send, 404, error_body("NOT_FOUND", "There is nothing at this path."))
            return
        with entered(context):
            await self._allowed(self._app, scope, receive, self._with_headers(send), methods)

    def _classify(self, path: str) -> _Place:
        if path == HEALTH_PATH:
            return _Place(Kind.HEALTH, _READ, path)
        if not path.startswith(self._base) or _is_devious(path):
            return _NOWHERE
        rest = path.removeprefix(self._base)
        if rest in _STATIC_FILES:
            return _Place(Kind.STATIC, _READ, path)
        for folder in _STATIC_FOLDERS:
            if rest.startswith(folder):
                return _Place(Kind.STATIC, _READ, f"{self._base}{folder}{{file}}")
        return _Place(Kind.PRIVATE, _PRIVATE[rest], path) if rest in _PRIVATE else _NOWHERE

    def _context(self, scope: Scope) -> RequestContext:
        authorizations = _values(scope, b"authorization")
        if len(authorizations) > 1:
            raise TokenInvalidError("Send one Authorization header.")
        token = bearer_token(authorizations[0] if authorizations else None)
        claims = self._authority.verify_tenant_token(token)
        return RequestContext(claims=claims, token=token, prefix=self._prefix(scope))

    def _prefix(self, scope: Scope) -> str | None:
        """Return the path under which the browser sees the dashboard."""
        values = _values(scope, b"x-forwarded-prefix")
        if not values:
            return None
        if len(values) > 1 or not self._forwarded.fullmatch(values[0]):
            raise BadPrefixError(
                "X-Forwarded-Prefix must be /tenant/<slug>/dash/<this dashboard>/."
            )
        return values[0]

    async def _allowed(
        self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, methods: tuple[str, ...]
    ) -> None:
        if scope["method"] not in methods:
            body = error_body("METHOD_NOT_ALLOWED", f"Use {' or '.join(methods)} here.")
            await send_json(send, 405, body, [(b"allow", ", ".join(methods).encode())])
        elif scope["method"] == "HEAD":  # Dash knows GET only
            await app({**scope, "method": "GET"}, receive, _without_body(send))
        else:
            await app(scope, receive, send)

    def _with_headers(self, send: Send) -> Send:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *self._headers]
            await send(message)

        return send_with_headers


def _is_devious(path: str) -> bool:
    """Whether a path could mean something else further in than it does here."""
    return "\\" in path or "\0" in path or "//" in path or ".." in path.split("/")


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_head


async def _health(send: Send) -> None:
    timestamp = datetime.now(UTC).isoformat(timespec="milliseconds")
    await send_json(send, 200, {"status": "ok", "timestamp": timestamp})
