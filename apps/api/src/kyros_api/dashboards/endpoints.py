"""A dashboard's data, of the token's tenant."""

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from kyros_api.answers import json_response
from kyros_api.dashboards.access import OPENING, SEEING, enter_dashboard, open_dashboard
from kyros_api.dashboards.cache import Answer, is_known
from kyros_api.dashboards.description import IF_NONE_MATCH, ROW_ANSWERS, VIEW_ANSWERS
from kyros_api.dashboards.formats.json_body import render_json
from kyros_api.dashboards.formats.negotiation import Format, negotiate
from kyros_api.dashboards.formats.streaming import stream_rows
from kyros_api.dashboards.rows import RowPlan, plan_rows
from kyros_api.dashboards.schemas import Access, RowQuery, Rows, ViewResult
from kyros_api.dashboards.views import render_view
from kyros_api.dependencies import services_of
from kyros_api.openapi.refusals import refuses
from kyros_api.query_parameters import query_parameters, read_query

router = APIRouter(prefix="/api/dashboards/{slug}", tags=["dashboards"])


@router.get("/access", operation_id="getAccess", response_model=Access)
@refuses(*SEEING, scheme="tenantToken")
async def read_access(request: Request, slug: str) -> Response:
    """Say whether the person may see this dashboard at this moment, and as what.

    Whoever shows dashboards asks this before each answer that does not come from here, so it is
    quick: one short read of the metadata.
    """
    scope, _ = await enter_dashboard(request, slug)
    found = Access(tenant_id=scope.tenant_id, user_id=scope.user_id, role=scope.role)
    return json_response(found)


@router.get(
    "/data",
    operation_id="getRows",
    response_model=Rows,
    responses=ROW_ANSWERS,
    openapi_extra={"parameters": [*query_parameters(RowQuery), IF_NONE_MATCH]},
)
@refuses(*OPENING, "NOT_ACCEPTABLE", "BUSY", "TOO_MANY_DOWNLOADS", scheme="tenantToken")
async def read_rows(request: Request, slug: str) -> Response:
    """Return rows as JSON, CSV or Arrow, by ``Accept``.

    JSON comes as a page, with how many rows match in all; CSV and Arrow are streamed.
    """
    dashboard = await open_dashboard(request, slug)
    form = negotiate(request.headers.get("Accept"))
    services = services_of(request)

    def plan() -> RowPlan:
        return plan_rows(dashboard, read_query(RowQuery, request), form)

    if form is not Format.JSON:
        return await stream_rows(await run_in_threadpool(plan), form, services.downloads)
    # What was asked for before in these very words was found in order then: it is not read again.
    question = ("data", request.scope["query_string"])
    answer = await services.results.answer(dashboard.subject, question, lambda: render_json(plan()))
    return _respond(request, answer, Vary="Accept")


@router.get(
    "/views/{view}",
    operation_id="getView",
    response_model=ViewResult,
    responses=VIEW_ANSWERS,
    openapi_extra={"parameters": [IF_NONE_MATCH]},
)
@refuses(*OPENING, "INVALID_REQUEST", "VIEW_NOT_FOUND", "BUSY", scheme="tenantToken")
async def read_view(request: Request, slug: str, view: str) -> Response:
    """Return what a chart needs, aggregated where the data is.

    Each view has an operation of its own below; this one is for callers that have its name in hand.
    """
    dashboard = await open_dashboard(request, slug)
    answer = await services_of(request).results.answer(
        dashboard.subject,
        ("view", view, request.scope["query_string"]),
        lambda: render_view(dashboard, view, dict(request.query_params)),
    )
    return _respond(request, answer)


def _respond(request: Request, answer: Answer, **headers: str) -> Response:
    headers["ETag"] = answer.etag
    if is_known(answer.etag, request.headers.get("If-None-Match")):
        return Response(status_code=304, headers=headers)
    return Response(answer.body, media_type="application/json", headers=headers)
