"""Who am I, and where may I go?"""

from fastapi import APIRouter, Response

from kyros_api.answers import json_response
from kyros_api.dependencies import CurrentUser, Services
from kyros_api.me import queries
from kyros_api.me.schemas import Me, MyDashboards
from kyros_api.openapi.refusals import refuses

router = APIRouter(prefix="/api", tags=["me"])


@router.get("/me", operation_id="getMe", response_model=Me)
@refuses("DATABASE_UNAVAILABLE")
async def read_me(user: CurrentUser, services: Services) -> Response:
    """Return the person's active tenants as they are now, by name."""
    rows = await services.metadata.read(queries.active_tenants, user.sub)
    found = {"user_id": user.sub, "email": user.email, "tenants": rows}
    return json_response(Me.model_validate(found))


@router.get("/me/dashboards", operation_id="getMyDashboards", response_model=MyDashboards)
@refuses("DATABASE_UNAVAILABLE")
async def count_dashboards(user: CurrentUser, services: Services) -> Response:
    """Return how many dashboards each of the person's active tenants has, by name."""
    rows = await services.metadata.read(queries.dashboards_of_tenants, user.sub)
    return json_response(MyDashboards.model_validate({"tenants": rows}))
