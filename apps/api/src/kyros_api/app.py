"""The application, made from its settings; a test makes as many as it likes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from kyros_api.audit.endpoints import router as audit
from kyros_api.audit.log import AuditLog
from kyros_api.auth.endpoints import router as auth
from kyros_api.body_limit import BodyLimitMiddleware
from kyros_api.dashboards.endpoints import router as dashboards
from kyros_api.errors import add_error_handlers
from kyros_api.health.endpoints import router as health
from kyros_api.me.endpoints import router as me
from kyros_api.metadata.database import Metadata
from kyros_api.settings import ApiSettings
from kyros_api.storage.tenant_data import TenantData
from kyros_api.tenants.endpoints import router as tenants
from kyros_api.tokens.endpoints import router as tokens
from kyros_shared_config import RequestLogMiddleware

# What the API answers is for one person at one moment, and is what it says it is.
_HEADERS = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"))


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.audit.start()
    yield
    app.state.audit.close()
    app.state.metadata.close()
    app.state.tenant_data.close()


def create_app(settings: ApiSettings) -> FastAPI:
    """Make the API.

    Args:
        settings: checked already; nothing else is read from the environment.
    """
    app = FastAPI(
        title="Kyros API",
        description="Identity, token exchange, tenant metadata and tenant data.",
        version="0.1.0",
        lifespan=_lifespan,
        redoc_url=None,
        docs_url="/docs" if settings.is_development else None,
    )
    app.state.settings = settings
    app.state.authority = settings.token_authority()
    app.state.metadata = Metadata(settings.database_path)
    app.state.tenant_data = TenantData(settings.data_dir)
    app.state.audit = AuditLog(settings.data_dir / "audit", app.state.metadata.engine)
    add_error_handlers(app)
    for router in (health, auth, me, tokens, tenants, audit, dashboards):
        app.include_router(router)
    app.add_middleware(BodyLimitMiddleware)
    app.add_middleware(RequestLogMiddleware, headers=_HEADERS)
    return app
