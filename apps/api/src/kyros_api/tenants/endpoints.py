"""A tenant's own metadata."""

from fastapi import APIRouter, Response

from kyros_api.answers import json_response
from kyros_api.dependencies import Services
from kyros_api.errors import NotFoundError
from kyros_api.openapi.refusals import refuses
from kyros_api.tenants import queries
from kyros_api.tenants.access import TenantScope
from kyros_api.tenants.schemas import Dashboard, Dashboards, Tenant

router = APIRouter(prefix="/api/tenant/{tenant_id}", tags=["tenants"])


@router.get("", operation_id="getTenant", response_model=Tenant)
@refuses("TENANT_MISMATCH")
async def read_tenant(scope: TenantScope, services: Services) -> Response:
    """Return the token's tenant."""
    row = await services.metadata.read(queries.find_tenant, scope.tenant_id)
    if row is None:  # erased just now
        raise NotFoundError("TENANT_NOT_FOUND", "This tenant is gone or not active.")
    return json_response(Tenant.model_validate(row._asdict()))


@router.get("/dashboards", operation_id="listDashboards", response_model=Dashboards)
@refuses("TENANT_MISMATCH")
async def list_dashboards(scope: TenantScope, services: Services) -> Response:
    """Return the dashboards of the token's tenant, by title."""
    found = await services.metadata.read(queries.list_dashboards, scope.tenant_id)
    return json_response(
        Dashboards(dashboards=[Dashboard.model_validate(item._asdict()) for item in found])
    )
