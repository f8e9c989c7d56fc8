"""The application, made from its settings; a test makes as many as it likes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from fastapi import FastAPI

from kyros_api.audit.endpoints import router as audit
from kyros_api.auth.endpoints import router as auth
from kyros_api.body_limit import BodyLimitMiddleware
from kyros_api.dashboards.endpoints import router as dashboards
from kyros_api.errors import add_error_handlers
from kyros_api.health.endpoints import router as health
from kyros_api.me.endpoints import router as me
from kyros_api.metrics import SERVICE
from kyros_api.services import ApiServices
from kyros_api.settings import ApiSettings
from kyros_api.stopping import stopping_in_time
from kyros_api.tenants.endpoints import router as tenants
from kyros_api.tokens.endpoints import router as tokens
from kyros_shared_config import RequestLogMiddleware, sending_traces, serving_metrics

# What the API answers is for one person at one moment, and is what it says it is.
_HEADERS = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"))

# Not by include_router: that makes a tree which is searched twice for each request, and takes as
# long as the rest of FastAPI. The most asked for come first.
ROUTES = [
    route
    for router in (health, dashboards, tokens, me, tenants, audit, auth)
    for route in router.routes
]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: ApiServices = app.state.services
    settings = services.settings
    with stopping_in_time(), serving_metrics(settings), sending_traces(settings, SERVICE):
        services.start()
        await services.look_at_database()
        yield
        services.close()


@cache
def describe() -> dict[str, Any]:
    """Return the OpenAPI document, which is made when somebody asks for it."""
    from kyros_api.openapi.document import document  # noqa: PLC0415 - not at every start

    return document(ROUTES)


def create_app(settings: ApiSettings) -> FastAPI:
    """Make the API.

    Args:
        settings: checked already; nothing else is read from the environment.
    """
    docs = "/docs" if settings.is_development else None
    app = FastAPI(lifespan=_lifespan, redoc_url=None, docs_url=docs)
    app.openapi = describe  # type: ignore[method-assign] # as FastAPI's documentation has it
    app.state.services = ApiServices.of(settings)
    add_error_handlers(app)
    app.router.routes[:0] = ROUTES
    app.add_middleware(BodyLimitMiddleware)
    app.add_middleware(RequestLogMiddleware, service=SERVICE, headers=_HEADERS)
    return app
