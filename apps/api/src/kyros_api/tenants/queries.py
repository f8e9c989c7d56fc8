"""A tenant and its dashboards, read from the metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Row, Text, bindparam, case, cast, select

from kyros_api.auth.revocation import signed_out
from kyros_api.metadata.prepared import PreparedSelect
from kyros_api.metadata.tables import dashboards, tenant_dashboards, tenants, user_tenants, users

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from kyros_shared_config import Role


class AssignedDashboard(NamedTuple):
    """A dashboard as one tenant has it."""

    slug: str
    title: str
    description: str
    config_json: dict[str, Any]


class Standing(NamedTuple):
    """What somebody is to an active tenant at this moment.

    Attributes:
        role: None for nothing.
        signed_out: whether they signed out of what their token was given for.
    """

    role: Role | None
    signed_out: bool


class DashboardStanding(NamedTuple):
    """What somebody is to an active tenant, and how the tenant has a dashboard.

    Attributes:
        role: None for nothing.
        signed_out: whether they signed out of what their token was given for.
        known: None when there is no dashboard of this name.
        assigned: None when it is not the tenant's.
        data_version: None when there is no data for it yet.
        config: the common settings, as text: most requests only compare them.
        own_config: the tenant's own, likewise.
    """

    role: Role | None
    signed_out: bool
    known: str | None
    assigned: str | None
    data_version: str | None
    config: str | None
    own_config: str | None


def find_standing(
    connection: Connection, tenant_id: str, user_id: str, session: str
) -> Standing | None:
    """Return what a user is to an active tenant; None without such a tenant."""
    return _STANDING.one_or_none(
        connection, wanted_tenant=tenant_id, wanted_user=user_id, wanted_token=session
    )


def find_dashboard_standing(
    connection: Connection, tenant_id: str, user_id: str, session: str, slug: str
) -> DashboardStanding | None:
    """Return what :func:`find_standing` does, and how the tenant has the dashboard."""
    return _DASHBOARD_STANDING.one_or_none(
        connection,
        wanted_tenant=tenant_id,
        wanted_user=user_id,
        wanted_token=session,
        wanted_slug=slug,
    )


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
        select(
            case((users.c.is_active, user_tenants.c.role)).label("role"),
            signed_out("wanted_token").label("signed_out"),
            *columns,
        )
        .select_from(tenants)
        .outerjoin(
            user_tenants,
            (user_tenants.c.tenant_id == tenants.c.id)
            & (user_tenants.c.user_id == bindparam("wanted_user")),
        )
        .outerjoin(users, users.c.id == user_tenants.c.user_id)
        .where(tenants.c.id == bindparam("wanted_tenant"), tenants.c.is_active)
    )


_STANDING = PreparedSelect(_standing(), Standing)
_DASHBOARD_STANDING = PreparedSelect(
    _standing(
        dashboards.c.id.label("known"),
        tenant_dashboards.c.tenant_id.label("assigned"),
        tenant_dashboards.c.data_version,
        cast(dashboards.c.config_json, Text).label("config"),
        cast(tenant_dashboards.c.config_json, Text).label("own_config"),
    )
    .outerjoin(dashboards, dashboards.c.slug == bindparam("wanted_slug"))
    .outerjoin(
        tenant_dashboards,
        (tenant_dashboards.c.dashboard_id == dashboards.c.id)
        & (tenant_dashboards.c.tenant_id == tenants.c.id),
    ),
    DashboardStanding,
)
