"""A tenant and its dashboards, read from the metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Row, select

from kyros_api.metadata.tables import dashboards, tenant_dashboards, tenants

if TYPE_CHECKING:
    from sqlalchemy import Select


class AssignedDashboard(NamedTuple):
    """A dashboard as one tenant has it."""

    slug: str
    title: str
    description: str
    config_json: dict[str, Any]
    data_version: str | None


def find_tenant(connection: Connection, tenant_id: str) -> Row[Any] | None:
    """Return the active tenant, None when there is none."""
    return connection.execute(
        select(tenants).where(tenants.c.id == tenant_id, tenants.c.is_active)
    ).one_or_none()


def _assigned(tenant_id: str) -> Select[Any]:
    return (
        select(
            dashboards.c.slug,
            dashboards.c.title,
            dashboards.c.description,
            dashboards.c.config_json,
            tenant_dashboards.c.config_json.label("own_config"),
            tenant_dashboards.c.data_version,
        )
        .join(tenant_dashboards, tenant_dashboards.c.dashboard_id == dashboards.c.id)
        .join(tenants, tenants.c.id == tenant_dashboards.c.tenant_id)
        .where(tenants.c.id == tenant_id, tenants.c.is_active)
        .order_by(dashboards.c.title)
    )


def _dashboard(row: Row[Any]) -> AssignedDashboard:
    config = {**row.config_json, **row.own_config}
    return AssignedDashboard(row.slug, row.title, row.description, config, row.data_version)


def list_dashboards(connection: Connection, tenant_id: str) -> list[AssignedDashboard]:
    """Return the dashboards of an active tenant, by title."""
    return [_dashboard(row) for row in connection.execute(_assigned(tenant_id))]


def find_dashboard(connection: Connection, tenant_id: str, slug: str) -> AssignedDashboard | None:
    """Return the tenant's dashboard, None when it is not assigned."""
    row = connection.execute(_assigned(tenant_id).where(dashboards.c.slug == slug)).one_or_none()
    return None if row is None else _dashboard(row)


def dashboard_exists(connection: Connection, slug: str) -> bool:
    """Say whether any tenant could be assigned a dashboard of this name."""
    query = select(dashboards.c.id).where(dashboards.c.slug == slug)
    return connection.execute(query).first() is not None
