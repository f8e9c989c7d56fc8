"""A dashboard's data, of the token's tenant."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from kyros_api.dashboards.access import DashboardAccess, open_dashboard
from kyros_api.dashboards.formats.json_body import render_json
from kyros_api.dashboards.formats.negotiation import Format, negotiate
from kyros_api.dashboards.formats.streaming import stream_rows
from kyros_api.dashboards.rows import plan_rows
from kyros_api.dashboards.schemas import RowQuery, Rows, ViewResult
from kyros_api.dashboards.views import run_view
from kyros_api.dependencies import Services
from kyros_api.tenants.access import TenantScope

router = APIRouter(prefix="/api/dashboards/{slug}", tags=["dashboards"])


async def _open(slug: str, scope: TenantScope, services: Services) -> DashboardAccess:
    return await open_dashboard(services.metadata, services.tenant_data, scope, slug)


Access = Annotated[DashboardAccess, Depends(_open)]


@router.get("/data", response_model=Rows)
async def data(access: Access, request: Request, query: Annotated[RowQuery, Query()]) -> Response:
    """Return rows as JSON, CSV or Arrow, by ``Accept``."""
    form = negotiate(request.headers.get("Accept"))
    plan = await run_in_threadpool(plan_rows, access, query, form)
    if form is Format.JSON:
        return Response(
            await run_in_threadpool(render_json, plan),
            media_type=form.media_type,
            headers={"Vary": "Accept"},
        )
    return await stream_rows(plan, form)


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
