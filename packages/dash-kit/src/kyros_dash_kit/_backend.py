"""Dash's FastAPI backend without what a dashboard behind the gate must not have.

No WebSocket route and no advertisement of one, no catch-all that answers every path with the
page, no documentation routes; and errors that reach the log, which Dash 4.4.1 swallows.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from dash.backends._fastapi import DashMiddleware, FastAPIDashServer
from dash.exceptions import PreventUpdate
from fastapi import FastAPI, Request, Response

from kyros_dash_kit import _metrics
from kyros_shared_config import error_body, send_json

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from dash import Dash
    from starlette.types import Receive, Scope, Send

_log = logging.getLogger("kyros.dash")
_NOBODY_THERE = 499  # as nginx writes it in its log


class BadCallbackError(Exception):
    """The body of a callback request is not one that this page sends."""


class _Middleware(DashMiddleware):
    """Dash's middleware, with errors in our form and in the log."""

    async def _handle_error(
        self, error: Exception, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if isinstance(error, PreventUpdate):
            await super()._handle_error(error, scope, receive, send)
        elif isinstance(error, BadCallbackError):
            await send_json(send, 400, error_body("INVALID_REQUEST", str(error)))
        else:
            _log.error("The dashboard failed to answer", exc_info=error)
            message = "The dashboard failed to answer; the log says why under this request id."
            await send_json(send, 500, error_body("INTERNAL_ERROR", message))


async def _while_wanted(request: Request, answer: Awaitable[Any]) -> Any:  # noqa: ANN401 - Dash's own
    """Wait for an answer as long as somebody does: a page calls off what is outdated.

    The API is not asked further then, and its connections are free for the newer question.
    """
    working = asyncio.ensure_future(answer)
    leaving = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return await working if working.done() else Response(status_code=_NOBODY_THERE)
    finally:
        working.cancel()
        leaving.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def slug_of(dash: Dash) -> str:
    """Return a dashboard's name, which is the last part of its prefix."""
    prefix: str = dash.config.routes_pathname_prefix
    return prefix.strip("/").rpartition("/")[2]


class Backend(FastAPIDashServer):
    """What Dash talks to; :func:`kyros_dash_kit.create_dash_app` chooses it."""

    websocket_capability = False

    @staticmethod
    def create_app(name: str = "__main__", config: dict[str, Any] | None = None) -> FastAPI:
        """Make a server that has no routes of its own."""
        del name, config
        return FastAPI(openapi_url=None)

    def setup_backend(self, dash_app: Dash) -> None:
        """Put Dash's middleware in front of its routes."""
        self.server.add_middleware(
            _Middleware,
            dash_app=dash_app,
            dash_server=self,
            before_request_funcs=self._before_request_funcs,
        )

    def serve_callback(self, dash_app: Dash) -> Callable[[Request], Awaitable[Any]]:
        """Answer callbacks that the page has, and refuse others in words."""
        dispatch = super().serve_callback(dash_app)
        dashboard = slug_of(dash_app)

        async def checked(request: Request) -> Any:  # noqa: ANN401 - Dash's own response
            body = request.state.json_body
            if not isinstance(body, dict) or body.get("output") not in dash_app.callback_map:
                raise BadCallbackError("This page has no such callback.")
            with _metrics.callback(dashboard) as counted:
                answer = await _while_wanted(request, dispatch(request))
                gone = getattr(answer, "status_code", None) == _NOBODY_THERE
                counted.outcome = "called off" if gone else "done"
                return answer

        return checked

    def _setup_catchall(self) -> None:
        """Leave out the route that answers every path with the page."""
