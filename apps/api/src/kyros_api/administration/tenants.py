"""Tenants: added, shut and opened; erasing one is in :mod:`kyros_api.administration.erasure`."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, func, insert, or_, select, update

from kyros_api.administration import names
from kyros_api.administration.errors import AdministrationError
from kyros_api.administration.recording import record
from kyros_api.metadata.tables import tenant_dashboards, tenants, user_tenants

if TYPE_CHECKING:
    from pathlib import Path

_ADD_ONE = "add one with: kyros-api admin tenant add"


class Tenant(NamedTuple):
    """A tenant as operators name it."""

    id: str
    slug: str
    name: str
    is_active: bool


class ListedTenant(NamedTuple):
    """A tenant, and how many users and dashboards it has."""

    id: str
    slug: str
    name: str
    is_active: bool
    created_at: datetime
    users: int
    dashboards: int


def find(connection: Connection, named: str) -> Tenant:
    """Return the tenant with this slug or id.

    Raises:
        AdministrationError: there is none; the sentence says which there are.
    """
    row = connection.execute(
        select(tenants.c.id, tenants.c.slug, tenants.c.name, tenants.c.is_active).where(
            or_(tenants.c.slug == named, tenants.c.id == named.lower())
        )
    ).one_or_none()
    if row is None:
        known = connection.execute(select(tenants.c.slug)).scalars().all()
        raise names.unknown("tenant", named, known, _ADD_ONE)
    return Tenant(*row)


def list_all(connection: Connection) -> list[ListedTenant]:
    """Return every tenant, by slug."""
    users, dashboards = (
        select(func.count())
        .select_from(table)
        .where(table.c.tenant_id == tenants.c.id)
        .scalar_subquery()
        for table in (user_tenants, tenant_dashboards)
    )
    rows = connection.execute(
        select(
            tenants.c.id,
            tenants.c.slug,
            tenants.c.name,
            tenants.c.is_active,
            tenants.c.created_at,
            users,
            dashboards,
        ).order_by(tenants.c.slug)
    )
    return [ListedTenant(*row) for row in rows]


class NewTenant(NamedTuple):
    """What a tenant begins with; what is None is left out."""

    name: str
    slug: str
    id: str | None = None
    primary_color: str | None = None
    currency: str | None = None


def add(connection: Connection, new: NewTenant, tenants_dir: Path) -> Tenant:
    """Add a tenant, which nobody may enter yet and which has no dashboard.

    Args:
        connection: in a transaction.
        new: what it begins with.
        tenants_dir: where tenants' data lie: an id whose former data are still there is refused.

    Raises:
        AdministrationError: something is malformed, or taken.
    """
    tenant_id = str(uuid.uuid4()) if new.id is None else names.check_id(new.id)
    tenant = Tenant(tenant_id, names.check_slug(new.slug), names.check_name(new.name), True)  # noqa: FBT003 - a row
    config = {}
    if new.primary_color is not None:
        config["primary_color"] = names.check_color(new.primary_color)
    if new.currency is not None:
        config["currency"] = names.check_currency(new.currency)
    _refuse_taken(connection, tenant)
    if (tenants_dir / tenant_id).exists():
        raise AdministrationError(
            f"Data of a former tenant {tenant_id} are still there; finish its erasure with: "
            f"kyros-api admin tenant erase {tenant_id}, or leave --id out."
        )
    connection.execute(
        insert(tenants).values(**tenant._asdict(), config_json=config, created_at=datetime.now(UTC))
    )
    record(connection, "tenant.add", tenant_id=tenant_id, slug=tenant.slug, name=tenant.name)
    return tenant


class Look(NamedTuple):
    """How a tenant's pages look; what is None stays as it is.

    Attributes:
        name: what people call it.
        primary_color: ``#rrggbb``.
        logo: a ``data:`` URL; empty takes it away.
    """

    name: str | None = None
    primary_color: str | None = None
    logo: str | None = None


def change(connection: Connection, named: str, look: Look) -> tuple[Tenant, bool]:
    """Give a tenant another name, colour or logo.

    Returns:
        the tenant, and whether this changed anything.

    Raises:
        AdministrationError: there is no such tenant, or something is malformed.
    """
    tenant = find(connection, named)
    before = connection.execute(
        select(tenants.c.config_json).where(tenants.c.id == tenant.id)
    ).scalar_one()
    config = dict(before)
    if look.primary_color is not None:
        config["primary_color"] = names.check_color(look.primary_color)
    if look.logo is not None:
        config["logo"] = look.logo
    if not config.get("logo"):
        config.pop("logo", None)
    changed = tenant if look.name is None else tenant._replace(name=names.check_name(look.name))
    if changed == tenant and config == before:
        return tenant, False
    connection.execute(
        update(tenants)
        .where(tenants.c.id == tenant.id)
        .values(name=changed.name, config_json=config)
    )
    record(connection, "tenant.change", tenant_id=tenant.id, slug=tenant.slug, name=changed.name)
    return changed, True


def _refuse_taken(connection: Connection, tenant: Tenant) -> None:
    taken = connection.execute(
        select(tenants.c.id, tenants.c.slug).where(
            or_(tenants.c.id == tenant.id, tenants.c.slug == tenant.slug)
        )
    ).first()
    if taken is not None:
        which = "slug" if taken.slug == tenant.slug else "id"
        raise AdministrationError(
            f"Tenant {taken.slug} ({taken.id}) has this {which} already; choose another."
        )


def set_active(connection: Connection, named: str, *, active: bool) -> tuple[Tenant, bool]:
    """Let a tenant's people in, or shut it for all of them at once; its data stay.

    Returns:
        the tenant, and whether this changed anything.
    """
    tenant = find(connection, named)
    if tenant.is_active == active:
        return tenant, False
    connection.execute(update(tenants).where(tenants.c.id == tenant.id).values(is_active=active))
    action = "tenant.enable" if active else "tenant.disable"
    record(connection, action, tenant_id=tenant.id, slug=tenant.slug)
    return tenant, True
