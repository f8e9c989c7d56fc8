"""The API under proof: with the settings of production, called directly or served by uvicorn."""

from __future__ import annotations

import socket
import threading
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import uvicorn
from isolation.tokens import SECRET
from isolation.wire import Answer, decoded

from kyros_api.app import create_app
from kyros_api.settings import ApiSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    import httpx2
    from fastapi import FastAPI
    from isolation.wire import Request
    from isolation.world import World

_PATIENCE = 20.0  # seconds for a server to start or stop


def _make_app(world: World, **changes: object) -> FastAPI:
    """Make the API as production has it, but for the limit of failed sign-ins."""
    settings = {
        "kyros_env": "production",
        "jwt_secret_key": SECRET,
        **world.database.settings,
        "data_dir": world.data_dir,
        "sign_in_limit_per_account": "100000/hour",
        "sign_in_limit_per_address": "100000/hour",
        **changes,
    }
    return create_app(ApiSettings.model_validate(settings))


@asynccontextmanager
async def running(world: World, **changes: object) -> AsyncIterator[FastAPI]:
    """Run the API in this event loop, to be called directly."""
    app = _make_app(world, **changes)
    async with app.router.lifespan_context(app):
        yield app


@contextmanager
def served(world: World) -> Iterator[str]:
    """Serve the API by uvicorn in a thread, and yield its address on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(_make_app(world), log_config=None, lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(_PATIENCE)


async def ask(client: httpx2.AsyncClient, request: Request) -> Answer:
    """Send a request over a real connection."""
    address = f"{request.path}?{request.query}" if request.query else request.path
    answer = await client.request(
        request.method, address, headers=list(request.headers), content=request.body
    )
    headers = tuple((name.lower(), value) for name, value in answer.headers.raw)
    plain = tuple(pair for pair in headers if pair[0] != b"content-encoding")
    return decoded(Answer(answer.status_code, plain, answer.content))
