"""A tenant's own metadata."""

from fastapi import APIRouter
from sqlalchemy import Engine

from kyros_api.audit import log as audit
from kyros_api.dependencies import Database, TenantScope
from kyros_api.errors import ForbiddenError, NotFoundError
from kyros_api.tenants import queries
from kyros_api.tenants.schemas import Dashboard, Dashboards, Tenant

router = APIRouter(prefix="/api/tenant/{tenant_id}", tags=["tenants"])


def _refuse_other_tenant(tenant_id: str, scope: TenantScope, engine: Engine) -> None:
    """Hold the path to the token: the path chooses nothing, it must agree."""
    if tenant_id != scope.tenant_id:
        audit.record(
            engine,
            "tenant.read",
            "denied",
            actor=scope.email,
            tenant_id=scope.tenant_id,
            asked_for=tenant_id[:64],
        )
        raise ForbiddenError("TENANT_MISMATCH", "The token is for another tenant.")


@router.get("")
def tenant(tenant_id: str, scope: TenantScope, engine: Database) -> Tenant:
    """Return the token's tenant."""
    _refuse_other_tenant(tenant_id, scope, engine)
    with engine.connect() as connection:
        row = queries.find_tenant(connection, scope.tenant_id)
    if row is None:
        raise NotFoundError("TENANT_NOT_FOUND", "This tenant is gone or not active.")
    return Tenant.model_validate(row._asdict())


@router.get("/dashboards")
def dashboards(tenant_id: str, scope: TenantScope, engine: Database) -> Dashboards:
    """Return the dashboards of the token's tenant, by title."""
    _refuse_other_tenant(tenant_id, scope, engine)
    with engine.connect() as connection:
        found = queries.list_dashboards(connection, scope.tenant_id)
    return Dashboards(
        dashboards=[Dashboard.model_validate(item._asdict(), extra="ignore") for item in found]
    )
