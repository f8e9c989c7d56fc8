"""Alive, and able to work."""

from datetime import UTC, datetime
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from kyros_api.answers import json_response
from kyros_api.dependencies import Services
from kyros_api.errors import UnavailableError
from kyros_api.metadata import HEAD
from kyros_api.metadata.revision import current_revision
from kyros_api.metadata.tables import tenants
from kyros_api.openapi.refusals import refuses

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"
    timestamp: datetime


class DatabaseHealth(Health):
    """The database answers, is migrated, and holds so many tenants."""

    revision: str
    tenants: int


@router.get("/health", operation_id="getHealth", response_model=Health)
async def health() -> Response:
    """Say that the process is alive; touches nothing else."""
    return json_response(Health(timestamp=datetime.now(UTC)))


@router.get("/health/db", operation_id="getDatabaseHealth")
@refuses("DATABASE_UNAVAILABLE", "DATABASE_NOT_MIGRATED")
async def health_db(services: Services) -> DatabaseHealth:
    """Say whether the metadata can be read, or 503 with the reason."""
    try:
        revision = await services.metadata.read(current_revision)
        if revision != HEAD:
            raise UnavailableError(
                "DATABASE_NOT_MIGRATED",
                "The database is not at this version's schema: run `nox -s seed`.",
                {"found": revision, "expected": HEAD},
            )
        count = await services.metadata.read(_count_tenants)
    except SQLAlchemyError as error:
        raise UnavailableError(
            "DATABASE_UNAVAILABLE",
            "The metadata database cannot be read: check DATABASE_PATH and its permissions, or "
            "DATABASE_URL; the API's log has the reason.",
            {"reason": type(error).__name__},
        ) from error
    return DatabaseHealth(timestamp=datetime.now(UTC), revision=revision, tenants=count)


def _count_tenants(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(tenants)).scalar_one()
