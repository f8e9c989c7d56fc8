"""A tenant's own metadata."""

from fastapi import APIRouter

from kyros_api.dependencies import Services
from kyros_api.tenants import queries
from kyros_api.tenants.access import TenantScope
from kyros_api.tenants.schemas import Dashboard, Dashboards, Tenant

router = APIRouter(prefix="/api/tenant/{tenant_id}", tags=["tenants"])


@router.get("")
async def tenant(scope: TenantScope) -> Tenant:
    """Return the token's tenant."""
    return Tenant.model_validate(scope.tenant._asdict(), extra="ignore")


@router.get("/dashboards")
async def dashboards(scope: TenantScope, services: Services) -> Dashboards:
    """Return the dashboards of the token's tenant, by title."""
    found = await services.metadata.read(queries.list_dashboards, scope.tenant_id)
    return Dashboards(
        dashboards=[Dashboard.model_validate(item._asdict(), extra="ignore") for item in found]
    )
