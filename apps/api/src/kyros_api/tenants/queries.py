"""A tenant and its dashboards, read from the metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Row, Text, bindparam, case, select, type_coerce

from kyros_api.metadata.tables import dashboards, tenant_dashboards, tenants, user_tenants, users

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select


class AssignedDashboard(NamedTuple):
    """A dashboard as one tenant has it."""

    slug: str
    title: str
    description: str
    config_json: dict[str, Any]


def find_standing(connection: Connection, tenant_id: str, user_id: str) -> Row[Any] | None:
    """Return the ``role`` of an active user in an active tenant; None without such a tenant.

    The role is NULL when it is not theirs at this moment.
    """
    return connection.execute(
        _STANDING, {"wanted_tenant": tenant_id, "wanted_user": user_id}
    ).one_or_none()


def find_dashboard_standing(
    connection: Connection, tenant_id: str, user_id: str, slug: str
) -> Row[Any] | None:
    """Return what :func:`find_standing` does, and how the tenant has a dashboard.

    ``known`` is NULL when there is no dashboard of this name, ``assigned`` when it is not the
    tenant's. The settings ``config`` and ``own_config`` are text: most requests only compare them.
    """
    return connection.execute(
        _DASHBOARD_STANDING,
        {"wanted_tenant": tenant_id, "wanted_user": user_id, "wanted_slug": slug},
    ).one_or_none()


def find_tenant(connection: Connection, tenant_id: str) -> Row[Any] | None:
    """Return a tenant, None when there is none."""
    return connection.execute(select(tenants).where(tenants.c.id == tenant_id)).one_or_none()


def list_dashboards(connection: Connection, tenant_id: str) -> list[AssignedDashboard]:
    """Return the dashboards of a tenant, by title."""
    rows = connection.execute(
        select(dashboards, tenant_dashboards.c.config_json.label("own_config"))
        .join(tenant_dashboards, tenant_dashboards.c.dashboard_id == dashboards.c.id)
        .where(tenant_dashboards.c.tenant_id == tenant_id)
        .order_by(dashboards.c.title)
    )
    return [
        AssignedDashboard(
            row.slug, row.title, row.description, {**row.config_json, **row.own_config}
        )
        for row in rows
    ]


def _standing(*columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    return (
        select(case((users.c.is_active, user_tenants.c.role)).label("role"), *columns)
        .select_from(tenants)
        .outerjoin(
            user_tenants,
            (user_tenants.c.tenant_id == tenants.c.id)
            & (user_tenants.c.user_id == bindparam("wanted_user")),
        )
        .outerjoin(users, users.c.id == user_tenants.c.user_id)
        .where(tenants.c.id == bindparam("wanted_tenant"), tenants.c.is_active)
    )


# Made once: building a statement anew takes longer than SQLite needs to answer it.
_STANDING = _standing()
_DASHBOARD_STANDING = (
    _standing(
        dashboards.c.id.label("known"),
        tenant_dashboards.c.tenant_id.label("assigned"),
        tenant_dashboards.c.data_version,
        type_coerce(dashboards.c.config_json, Text).label("config"),
        type_coerce(tenant_dashboards.c.config_json, Text).label("own_config"),
    )
    .outerjoin(dashboards, dashboards.c.slug == bindparam("wanted_slug"))
    .outerjoin(
        tenant_dashboards,
        (tenant_dashboards.c.dashboard_id == dashboards.c.id)
        & (tenant_dashboards.c.tenant_id == tenants.c.id),
    )
)
