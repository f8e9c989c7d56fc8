"""The tenants of a person, read from the metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, RowMapping, bindparam, func, select

from kyros_api.metadata.tables import tenant_dashboards, tenants, user_tenants, users

if TYPE_CHECKING:
    from collections.abc import Sequence


def active_tenants(connection: Connection, user_id: str) -> Sequence[RowMapping]:
    """Return the active tenants of an active user, by name."""
    return connection.execute(_ACTIVE_TENANTS, {"wanted_user": user_id}).mappings().all()


def dashboards_of_tenants(connection: Connection, user_id: str) -> Sequence[RowMapping]:
    """Return the number of dashboards of each of those tenants, in the same order."""
    return connection.execute(_DASHBOARDS, {"wanted_user": user_id}).mappings().all()


# Made once: building a statement anew takes longer than SQLite needs to answer it.
_ACTIVE_TENANTS = (
    select(tenants.c.id, tenants.c.name, tenants.c.slug, user_tenants.c.role, tenants.c.config_json)
    .join(user_tenants, user_tenants.c.tenant_id == tenants.c.id)
    .join(users, users.c.id == user_tenants.c.user_id)
    .where(users.c.id == bindparam("wanted_user"), users.c.is_active, tenants.c.is_active)
    .order_by(tenants.c.name)
)
_DASHBOARDS = _ACTIVE_TENANTS.with_only_columns(
    tenants.c.id.label("tenant_id"),
    select(func.count())
    .where(tenant_dashboards.c.tenant_id == tenants.c.id)
    .correlate(tenants)
    .scalar_subquery()
    .label("dashboards"),
    maintain_column_froms=True,
)
