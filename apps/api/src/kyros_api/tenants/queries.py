"""A tenant and its dashboards, read from the metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import Connection, Row, bindparam, case, select

from kyros_api.metadata.tables import dashboards, tenant_dashboards, tenants, user_tenants, users

if TYPE_CHECKING:
    from kyros_shared_config import Role


class AssignedDashboard(NamedTuple):
    """A dashboard as one tenant has it."""

    slug: str
    title: str
    description: str
    config_json: dict[str, Any]
    data_version: str | None


class Standing(NamedTuple):
    """An active tenant, and what somebody is to it at this moment: None is nothing."""

    tenant: Row[Any]
    role: Role | None


def find_standing(connection: Connection, tenant_id: str, user_id: str) -> Standing | None:
    """Return the active tenant and the role of an active user in it, None without a tenant."""
    row = connection.execute(
        _STANDING, {"wanted_tenant": tenant_id, "wanted_user": user_id}
    ).one_or_none()
    return None if row is None else Standing(row, cast("Role | None", row.role))


def list_dashboards(connection: Connection, tenant_id: str) -> list[AssignedDashboard]:
    """Return the dashboards of a tenant, by title."""
    rows = connection.execute(
        _DASHBOARDS.where(tenant_dashboards.c.tenant_id.is_not(None)).order_by(dashboards.c.title),
        {"wanted_tenant": tenant_id},
    )
    return [_dashboard(row) for row in rows]


class FoundDashboard(NamedTuple):
    """A dashboard of the product, and how one tenant has it: None is not at all."""

    assigned: AssignedDashboard | None


def find_dashboard(connection: Connection, tenant_id: str, slug: str) -> FoundDashboard | None:
    """Return a dashboard by its slug, None when no tenant could have one of this name."""
    row = connection.execute(
        _DASHBOARD, {"wanted_tenant": tenant_id, "wanted_slug": slug}
    ).one_or_none()
    if row is None:
        return None
    return FoundDashboard(None if row.tenant_id is None else _dashboard(row))


def _dashboard(row: Row[*tuple[Any, ...]]) -> AssignedDashboard:
    config = {**row.config_json, **row.own_config}
    return AssignedDashboard(row.slug, row.title, row.description, config, row.data_version)


# Made once: building a statement anew takes longer than SQLite needs to answer it.
_STANDING = (
    select(tenants, case((users.c.is_active, user_tenants.c.role)).label("role"))
    .outerjoin(
        user_tenants,
        (user_tenants.c.tenant_id == tenants.c.id)
        & (user_tenants.c.user_id == bindparam("wanted_user")),
    )
    .outerjoin(users, users.c.id == user_tenants.c.user_id)
    .where(tenants.c.id == bindparam("wanted_tenant"), tenants.c.is_active)
)
_DASHBOARDS = select(
    dashboards.c.slug,
    dashboards.c.title,
    dashboards.c.description,
    dashboards.c.config_json,
    tenant_dashboards.c.tenant_id,
    tenant_dashboards.c.config_json.label("own_config"),
    tenant_dashboards.c.data_version,
).outerjoin(
    tenant_dashboards,
    (tenant_dashboards.c.dashboard_id == dashboards.c.id)
    & (tenant_dashboards.c.tenant_id == bindparam("wanted_tenant")),
)
_DASHBOARD = _DASHBOARDS.where(dashboards.c.slug == bindparam("wanted_slug"))
