"""A dashboard's data, of the token's tenant."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool

from kyros_api.dashboards.access import DashboardAccess, open_dashboard
from kyros_api.dashboards.rows import read_rows
from kyros_api.dashboards.schemas import RowQuery, Rows, ViewResult
from kyros_api.dashboards.views import run_view
from kyros_api.dependencies import Services
from kyros_api.tenants.access import TenantScope

router = APIRouter(prefix="/api/dashboards/{slug}", tags=["dashboards"])


async def _open(slug: str, scope: TenantScope, services: Services) -> DashboardAccess:
    return await open_dashboard(services.metadata, services.tenant_data, scope, slug)


Access = Annotated[DashboardAccess, Depends(_open)]


@router.get("/data")
async def data(access: Access, query: Annotated[RowQuery, Query()]) -> Rows:
    """Return a page of rows."""
    total, page = await run_in_threadpool(read_rows, access, query)
    return Rows(
        tenant_id=access.tenant_id,
        dashboard_slug=access.dashboard.slug,
        total=total,
        data=[dict(zip(page.columns, row, strict=True)) for row in page.rows],
    )


@router.get("/views/{view}")
async def view(view: str, access: Access, request: Request) -> ViewResult:
    """Return what a chart needs, aggregated where the data is."""
    result = await run_in_threadpool(run_view, access, view, dict(request.query_params))
    return ViewResult(
        tenant_id=access.tenant_id,
        dashboard_slug=access.dashboard.slug,
        view=view,
        columns=result.by_column(),
        meta={
            "config": access.dashboard.config_json,
            "data_version": access.dashboard.data_version,
        },
    )
