"""Roles: what a person may do in a tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from kyros_api.administration import tenants, users
from kyros_api.administration.errors import AdministrationError
from kyros_api.administration.recording import record
from kyros_api.metadata.tables import tenants as tenants_table
from kyros_api.metadata.tables import user_tenants

if TYPE_CHECKING:
    from kyros_shared_config import Role


class Granted(NamedTuple):
    """A role, and the one before it: None when there was none."""

    email: str
    slug: str
    role: str
    before: str | None


def grant(connection: Connection, email: str, tenant: str, role: Role) -> Granted:
    """Give a person a role in a tenant, in place of the one that they have there."""
    user, place = users.find(connection, email), tenants.find(connection, tenant)
    here = (user_tenants.c.user_id == user.id) & (user_tenants.c.tenant_id == place.id)
    before = connection.execute(select(user_tenants.c.role).where(here)).scalar_one_or_none()
    granted = Granted(user.email, place.slug, role, before)
    if before == role:
        return granted
    if before is None:
        values = {"user_id": user.id, "tenant_id": place.id, "role": role}
        connection.execute(insert(user_tenants).values(values))
    else:
        connection.execute(update(user_tenants).where(here).values(role=role))
    record(
        connection,
        "role.grant",
        tenant_id=place.id,
        email=user.email,
        role=role,
        before=before or "none",
    )
    return granted


def revoke(connection: Connection, email: str, tenant: str) -> Granted:
    """Take a person's role in a tenant: they are out of it at once, whatever token they hold.

    Raises:
        AdministrationError: they have none there; the sentence says where they have.
    """
    user, place = users.find(connection, email), tenants.find(connection, tenant)
    roles = {
        row.slug: row.role
        for row in connection.execute(
            select(tenants_table.c.slug, user_tenants.c.role)
            .join(user_tenants, user_tenants.c.tenant_id == tenants_table.c.id)
            .where(user_tenants.c.user_id == user.id)
            .order_by(tenants_table.c.slug)
        )
    }
    if place.slug not in roles:
        elsewhere = f"only in: {', '.join(roles)}" if roles else "nor anywhere else"
        raise AdministrationError(f"{user.email} has no role in {place.slug}, {elsewhere}.")
    connection.execute(
        delete(user_tenants).where(
            user_tenants.c.user_id == user.id, user_tenants.c.tenant_id == place.id
        )
    )
    before = roles[place.slug]
    record(connection, "role.revoke", tenant_id=place.id, email=user.email, before=before)
    return Granted(user.email, place.slug, "none", before)
