"""No request sends more than the API has a use for."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from kyros_shared_config import error_body, send_json

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 64 * 1024  # bytes; a sign-in or an exchange has some hundreds
TOO_LARGE = ("PAYLOAD_TOO_LARGE", f"The body is too large: {LARGEST_BODY // 1024} KiB at most.")


class BodyLimitMiddleware:
    """Refuses a body that is too large, by its length as told or as counted.

    FastAPI has such a limit as well, which answers in words of its own instead of the one form.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is small enough."""
        if scope["type"] != "http" or scope["method"] == "GET":
            await self._app(scope, receive, send)
        elif _told_length(scope) > LARGEST_BODY:
            await send_json(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, error_body(*TOO_LARGE))
        else:
            await self._app(scope, _counting(receive), send)


def _told_length(scope: Scope) -> int:
    told = dict(scope["headers"]).get(b"content-length", b"")
    return int(told) if told.isdigit() else 0


def _counting(receive: Receive) -> Receive:
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > LARGEST_BODY:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    return counted
