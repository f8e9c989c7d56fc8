"""No request sends more than the API has a use for."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from kyros_shared_config import error_body, send_json

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LIMIT = 64 * 1024  # bytes; a sign-in or an exchange has some hundreds
_BODILESS = {"GET", "HEAD", "OPTIONS"}
TOO_LARGE = ("PAYLOAD_TOO_LARGE", f"The body is too large: {LIMIT // 1024} KiB at most.")


class BodyLimitMiddleware:
    """Refuses a body that is too large, by what it says of its length or by its length."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is small enough."""
        if scope["type"] != "http" or scope["method"] in _BODILESS:
            await self._app(scope, receive, send)
            return
        said = dict(scope["headers"]).get(b"content-length", b"0")
        if said.isdigit() and int(said) > LIMIT:
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            await send_json(send, status, error_body(*TOO_LARGE))
            return
        await self._app(scope, _counting(receive), send)


def _counting(receive: Receive) -> Receive:
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > LIMIT:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    return counted
