"""Views: a dashboard's declared queries, with what the caller may choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kyros_api.dashboards.parameters import choose
from kyros_api.dashboards.schemas import ViewResult
from kyros_api.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kyros_api.dashboards.access import DashboardAccess


def render_view(access: DashboardAccess, name: str, given: Mapping[str, str]) -> bytes:
    """Run a view and return the whole answer as JSON; what is not finite is null.

    Args:
        access: the dashboard, opened for the verified tenant.
        name: of the view.
        given: the caller's parameters.

    Raises:
        NotFoundError: there is no such view.
        BadRequestError: a parameter or its value is not one of those allowed, which are named.
    """
    view = access.specification.views.get(name)
    if view is None:
        allowed = {"allowed": sorted(access.specification.views)}
        raise NotFoundError("VIEW_NOT_FOUND", "This dashboard has no such view.", allowed)
    chosen = choose(access, view, given)
    result = ViewResult(
        tenant_id=access.tenant_id,
        dashboard_slug=access.slug,
        view=name,
        columns=access.folder.query(chosen.apply(view.sql), chosen.values).by_column(),
        meta={"config": access.config, "data_version": access.subject.data_version},
    )
    return result.model_dump_json().encode()
