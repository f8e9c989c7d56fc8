"""The tenants of a person, read from the metadata."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from kyros_api.metadata.tables import tenants, user_tenants, users


def active_tenants(connection: Connection, user_id: str) -> list[dict[str, Any]]:
    """Return the active tenants of an active user, by name."""
    rows = connection.execute(
        select(
            tenants.c.id, tenants.c.name, tenants.c.slug, user_tenants.c.role, tenants.c.config_json
        )
        .join(user_tenants, user_tenants.c.tenant_id == tenants.c.id)
        .join(users, users.c.id == user_tenants.c.user_id)
        .where(users.c.id == user_id, users.c.is_active, tenants.c.is_active)
        .order_by(tenants.c.name)
    )
    return [row._asdict() for row in rows]
