"""Views: a dashboard's declared queries, with what the caller may choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kyros_api.dashboards.catalogue.specification import Choice, Segment
from kyros_api.dashboards.schemas import ViewResult
from kyros_api.errors import BadRequestError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kyros_api.dashboards.access import DashboardAccess
    from kyros_api.dashboards.catalogue.specification import View


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
    unknown = sorted(given.keys() - view.parameters.keys())
    if unknown:
        raise BadRequestError(
            "INVALID_REQUEST",
            f"Unknown parameter {unknown[0]!r}.",
            {"allowed": sorted(view.parameters)},
        )
    values = _bind(access, view, given)
    result = ViewResult(
        tenant_id=access.tenant_id,
        dashboard_slug=access.slug,
        view=name,
        columns=access.folder.query(view.sql, values).by_column(),
        meta={"config": access.config, "data_version": access.subject.data_version},
    )
    return result.model_dump_json().encode()


def _bind(access: DashboardAccess, view: View, given: Mapping[str, str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, parameter in view.parameters.items():
        match parameter:
            case Choice():
                values[name] = _choose(access, parameter, name, given.get(name))
            case Segment():
                segment = _segment(access, name, given.get(name))
                values[name] = segment["column"]
                values["segment_order"] = segment.get("order", [])
    return values


def _choose(access: DashboardAccess, parameter: Choice, name: str, value: str | None) -> str | None:
    if value is None:
        return None
    allowed = [row[0] for row in access.folder.query(parameter.choices).rows]
    if value not in allowed:
        message = f"Parameter {name!r} has no such value."
        raise BadRequestError("INVALID_REQUEST", message, {"allowed": allowed})
    return value


def _segment(access: DashboardAccess, name: str, value: str | None) -> dict[str, Any]:
    segments = {item["column"]: item for item in access.config.get("segments", [])}
    if value not in segments:
        message = f"Parameter {name!r} must name a segment of this tenant."
        raise BadRequestError("INVALID_REQUEST", message, {"allowed": list(segments)})
    return dict(segments[value])
