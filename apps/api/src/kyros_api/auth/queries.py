"""Users and their tenants, read from the metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from kyros_api.metadata.prepared import PreparedSelect
from kyros_api.metadata.tables import tenants, user_tenants, users

if TYPE_CHECKING:
    from kyros_shared_config import Role


class User(NamedTuple):
    """An active user, and the active tenants that are theirs."""

    id: str
    email: str
    tenant_ids: list[str]


class Credentials(NamedTuple):
    """What there is to check a password with."""

    id: str
    is_active: bool
    password_hash: str | None


class Membership(NamedTuple):
    """Who somebody is to a tenant, at this moment."""

    user_id: str
    email: str
    role: Role


def find_user(connection: Connection, email: str) -> User | None:
    """Return the active user with this email, None when there is none."""
    row = connection.execute(
        select(users.c.id, users.c.email).where(users.c.email == email, users.c.is_active)
    ).one_or_none()
    if row is None:
        return None
    ids = connection.execute(
        select(tenants.c.id)
        .join(user_tenants, user_tenants.c.tenant_id == tenants.c.id)
        .where(user_tenants.c.user_id == row.id, tenants.c.is_active)
        .order_by(tenants.c.name)
    ).scalars()
    return User(row.id, row.email, list(ids))


def find_credentials(connection: Connection, email: str) -> Credentials | None:
    """Return how the user with this email signs in, active or not, None when there is none."""
    row = connection.execute(
        select(users.c.id, users.c.is_active, users.c.password_hash).where(users.c.email == email)
    ).one_or_none()
    return None if row is None else Credentials(*row)


def replace_hash(connection: Connection, user_id: str, old: str, new: str) -> None:
    """Keep another hash of the same password, unless somebody has set another password since."""
    connection.execute(
        update(users)
        .where(users.c.id == user_id, users.c.password_hash == old)
        .values(password_hash=new)
    )


def find_membership(connection: Connection, user_id: str, tenant_id: str) -> Membership | None:
    """Return the user's role in the tenant while user, tenant and grant are all active."""
    return _MEMBERSHIP.one_or_none(connection, wanted_user=user_id, wanted_tenant=tenant_id)


def list_users(connection: Connection) -> list[tuple[str, str, str]]:
    """Return (email, tenant name, role) of every active grant, by email and tenant."""
    rows = connection.execute(
        select(users.c.email, tenants.c.name, user_tenants.c.role)
        .join(user_tenants, user_tenants.c.user_id == users.c.id)
        .join(tenants, tenants.c.id == user_tenants.c.tenant_id)
        .where(users.c.is_active, tenants.c.is_active)
        .order_by(users.c.email, tenants.c.name)
    )
    return [(row.email, row.name, row.role) for row in rows]


_MEMBERSHIP = PreparedSelect(
    select(users.c.id, users.c.email, user_tenants.c.role)
    .join(user_tenants, user_tenants.c.user_id == users.c.id)
    .join(tenants, tenants.c.id == user_tenants.c.tenant_id)
    .where(users.c.id == bindparam("wanted_user"), tenants.c.id == bindparam("wanted_tenant"))
    .where(users.c.is_active, tenants.c.is_active),
    Membership,
)
