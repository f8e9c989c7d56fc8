"""Users: added, shut out and let in again, given a password, removed."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from kyros_api.administration import names, tenants
from kyros_api.administration.errors import AdministrationError
from kyros_api.administration.recording import record
from kyros_api.metadata.tables import tenants as tenants_table
from kyros_api.metadata.tables import user_tenants, users

_ADD_ONE = "add one with: kyros-api admin user add EMAIL"


class User(NamedTuple):
    """A person."""

    id: str
    email: str
    is_active: bool


class Grant(NamedTuple):
    """What a person is to a tenant."""

    tenant_id: str
    slug: str
    role: str


class ListedUser(NamedTuple):
    """A person, and where they may go."""

    id: str
    email: str
    is_active: bool
    has_password: bool
    created_at: datetime
    tenants: list[Grant]


def find(connection: Connection, email: str) -> User:
    """Return the user with this email, however it is capitalised.

    Raises:
        AdministrationError: there is none; the sentence names those that are written like it.
    """
    wanted = names.check_email(email)
    row = connection.execute(
        select(users.c.id, users.c.email, users.c.is_active).where(users.c.email == wanted)
    ).one_or_none()
    if row is None:
        known = connection.execute(select(users.c.email)).scalars().all()
        raise names.unknown("user", email, known, _ADD_ONE)
    return User(*row)


def list_all(connection: Connection, tenant: str | None = None) -> list[ListedUser]:
    """Return the users, by email; those of one tenant when it is named."""
    query = select(users).order_by(users.c.email)
    if tenant is not None:
        of_tenant = select(user_tenants.c.user_id).where(
            user_tenants.c.tenant_id == tenants.find(connection, tenant).id
        )
        query = query.where(users.c.id.in_(of_tenant))
    grants: dict[str, list[Grant]] = {}
    for user_id, *grant in connection.execute(
        select(
            user_tenants.c.user_id, tenants_table.c.id, tenants_table.c.slug, user_tenants.c.role
        )
        .join(tenants_table, tenants_table.c.id == user_tenants.c.tenant_id)
        .order_by(tenants_table.c.slug)
    ):
        grants.setdefault(user_id, []).append(Grant(*grant))
    return [
        ListedUser(
            row.id,
            row.email,
            row.is_active,
            row.password_hash is not None,
            row.created_at,
            grants.get(row.id, []),
        )
        for row in connection.execute(query)
    ]


def add(connection: Connection, email: str) -> User:
    """Add a person, who has no password and may go nowhere yet.

    Raises:
        AdministrationError: the email is malformed, or taken.
    """
    user = User(str(uuid.uuid4()), names.check_email(email), True)  # noqa: FBT003 - a row
    taken = select(users.c.id).where(users.c.email == user.email)
    if connection.execute(taken).first() is not None:
        raise AdministrationError(f"There is a user {user.email} already; choose another email.")
    connection.execute(insert(users).values(**user._asdict(), created_at=datetime.now(UTC)))
    record(connection, "user.add", email=user.email)
    return user


def set_active(connection: Connection, email: str, *, active: bool) -> tuple[User, bool]:
    """Let a person in, or shut them out of every tenant at once; their roles stay.

    Returns:
        the user, and whether this changed anything.
    """
    user = find(connection, email)
    if user.is_active == active:
        return user, False
    connection.execute(update(users).where(users.c.id == user.id).values(is_active=active))
    record(connection, "user.enable" if active else "user.disable", email=user.email)
    return user, True


def set_password(connection: Connection, email: str, password_hash: str) -> User:
    """Give a person a password; the one before is good no more."""
    user = find(connection, email)
    connection.execute(
        update(users).where(users.c.id == user.id).values(password_hash=password_hash)
    )
    record(connection, "user.set-password", email=user.email)
    return user


def remove(connection: Connection, email: str) -> tuple[User, int]:
    """Remove a person and their roles; the audit log keeps what they did.

    Returns:
        who is gone, and how many roles they had.
    """
    user = find(connection, email)
    roles = connection.execute(delete(user_tenants).where(user_tenants.c.user_id == user.id))
    connection.execute(delete(users).where(users.c.id == user.id))
    record(connection, "user.remove", email=user.email)
    return user, roles.rowcount
