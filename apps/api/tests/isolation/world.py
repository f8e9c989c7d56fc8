"""Who there is: four tenants, their people, and data that gives itself away.

Acme and Beta are the demo's. Acme and Gamma have every dashboard, Delta has none. Everything
that belongs to a tenant is *marked*: each of its texts (names, settings, rows, audit lines) holds a
word, and each of its numbers is a number, that no other tenant has. Whoever is shown the word or
the number of a tenant was shown that tenant's data, whatever the answer's status says.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Any

from isolation.marking import Model, marked_settings, write_marked_tables
from sqlalchemy import Connection, and_, delete, insert, select, update

from kyros_api.auth.passwords import hash_password
from kyros_api.dashboards.catalogue import CATALOGUE
from kyros_api.metadata.engine import open_engine
from kyros_api.metadata.tables import (
    audit_log,
    dashboards,
    tenant_dashboards,
    tenants,
    user_tenants,
    users,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from database_stage import Databases

CLV, RISK = "customer-lifetime-value", "risk-analysis"


@dataclass(frozen=True)
class Person:
    """Somebody who may sign in."""

    email: str

    @cached_property
    def id(self) -> str:
        """Return the same id in every run."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, self.email))

    @property
    def password(self) -> str:
        """Return a password that nobody else has."""
        return f"the long words of {self.email}"


@cache
def hashed(password: str) -> str:
    """Return what is kept of a password; made once, for it takes a while."""
    return hash_password(password)


@dataclass(frozen=True)
class Tenant:
    """A customer organisation, and how its data is recognised.

    Attributes:
        marker: the word in each of its texts; no request of anybody else ever holds it.
        number: the value of each of its numbers; nine digits.
        dashboards: the slugs of those that it has.
    """

    id: str
    slug: str
    marker: str
    number: int
    dashboards: tuple[str, ...]

    @cached_property
    def viewer(self) -> Person:
        """Return its person who may look."""
        return Person(f"viewer@{self.slug}.example")

    @cached_property
    def admin(self) -> Person:
        """Return its person who administers."""
        return Person(f"admin@{self.slug}.example")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return what strangers may know it by, and send; no answer tells them by itself."""
        people = (self.viewer, self.admin)
        return (self.id, self.slug, *(p.id for p in people), *(p.email for p in people))


ACME = Tenant(
    "8e1b3d5b-7c9a-4e2f-b1d3-a5c7e9f12345", "acme-corp", "zq81acme", 731005729, tuple(CATALOGUE)
)
BETA = Tenant("2450a2f8-3b7e-4eab-9b4a-1f73d9a0b1c4", "beta-ind", "zq92beta", 846002903, (RISK,))
GAMMA = Tenant(
    "b7d0c6a1-95e3-4f18-8a6d-3e2c1f0b9a87", "gamma-bank", "zq63gamma", 592003517, tuple(CATALOGUE)
)
DELTA = Tenant("f3a9e5c7-1b2d-4c68-9e0f-7d6b5a4c3e21", "delta-new", "zq54delta", 415006831, ())
TENANTS = (ACME, BETA, GAMMA, DELTA)
PAIRS = tuple(permutations(TENANTS, 2))

# Whose seeded tables a tenant's marked ones are made of: columns, categories and dates are real.
_MODELS = {ACME: ACME, BETA: BETA, GAMMA: ACME}


def person_of_both(one: Tenant, other: Tenant) -> Person:
    """Return the person who is a viewer of both tenants, and of no third."""
    first, second = sorted((one.slug, other.slug))
    return Person(f"{first}.and.{second}@agency.example")


class World:
    """The metadata and the tenants' data of the proof, in a folder of its own."""

    def __init__(self, seeded: Path, folder: Path, databases: Databases) -> None:
        """Copy the seeded demo's metadata, add who is missing, and mark everything.

        Args:
            seeded: a folder in which the demo was seeded; it is only read, and no unmarked data
                is copied from it.
            folder: where the proof's own metadata and data go.
            databases: makes the copy.
        """
        folder.mkdir(parents=True)
        self.data_dir = folder
        self.database = databases.seeded(folder / "tenant_metadata.db")
        self._models: dict[tuple[str, str], Model] = {}
        self.change(lambda connection: self._remember_models(connection, seeded / "tenants"))
        self.change(_add_everybody)
        for tenant in TENANTS:
            for slug in tenant.dashboards:
                self.publish(tenant, slug)

    def change(self, work: Callable[[Connection], object]) -> None:
        """Change the metadata from outside of the API; committed when this returns."""
        engine = open_engine(self.database.location)
        with engine.begin() as connection:
            work(connection)
        engine.dispose()

    def publish(self, tenant: Tenant, slug: str, generation: int = 1) -> None:
        """Put marked data in place: new files first, then the one line that points to them.

        Versions have the same names for every tenant, and the settings of customer value are the
        same for all: whatever told two answers apart by these alone would mix them up here.
        """
        mark, version = f"{tenant.marker}-g{generation}", f"g{generation}"
        model = self._model(tenant, slug)
        folder = self.data_dir / "tenants" / tenant.id / slug / version
        write_marked_tables(model, folder, mark, tenant.number)
        marked = marked_settings(model.settings, mark, tenant.number)
        own = dict(model.settings) if slug == CLV else marked
        self.change(lambda connection: _assign(connection, tenant, slug, version, own))

    def _model(self, tenant: Tenant, slug: str) -> Model:
        """Return the seeded tables for a tenant: its own, or those of whoever has the dashboard."""
        models = [model for (_, name), model in self._models.items() if name == slug]
        assert models, f"nobody of the demo has {slug}: assign it in seeding/demo.py"
        return self._models.get((_MODELS[tenant].id, slug), models[0])

    def set_role(self, person: Person, tenant: Tenant, role: str | None) -> None:
        """Give somebody this role in the tenant, or none."""

        def change(connection: Connection) -> None:
            grant = user_tenants.c
            connection.execute(
                delete(user_tenants).where(grant.user_id == person.id, grant.tenant_id == tenant.id)
            )
            if role:
                _grant(connection, person, tenant, role)

        self.change(change)

    def switch(self, tenant: Tenant, *, on: bool) -> None:
        """Switch a tenant off, or on again."""
        query = update(tenants).where(tenants.c.id == tenant.id).values(is_active=on)
        self.change(lambda connection: connection.execute(query))

    def _remember_models(self, connection: Connection, seeded: Path) -> None:
        joined = select(tenant_dashboards, dashboards.c.slug).join(
            dashboards, dashboards.c.id == tenant_dashboards.c.dashboard_id
        )
        for row in connection.execute(joined):
            key = (row.tenant_id, row.slug)
            folder = seeded / row.tenant_id / row.slug / row.data_version
            self._models[key] = Model(row.slug, folder, row.config_json)


def _add_everybody(connection: Connection) -> None:
    for tenant in TENANTS:
        _put_tenant(connection, tenant)
        _put_audit_lines(connection, tenant)
        for person, role in ((tenant.viewer, "viewer"), (tenant.admin, "admin")):
            _add_person(connection, person, hashed(person.password) if role == "viewer" else None)
            _grant(connection, person, tenant, role)
    for one, other in combinations(TENANTS, 2):
        both = person_of_both(one, other)
        _add_person(connection, both)
        _grant(connection, both, one, "viewer")
        _grant(connection, both, other, "viewer")


def _put_tenant(connection: Connection, tenant: Tenant) -> None:
    """Insert the tenant, or mark the one that the demo has: its own people keep their grants."""
    values = {
        "name": f"{tenant.slug} {tenant.marker}",
        "config_json": {"note": f"{tenant.marker} of the tenant", "credit_line": tenant.number},
    }
    marked = update(tenants).where(tenants.c.id == tenant.id).values(**values)
    if connection.execute(marked).rowcount == 0:
        row = {"id": tenant.id, "slug": tenant.slug, "created_at": datetime.now(UTC), **values}
        connection.execute(insert(tenants).values(**row))


def _put_audit_lines(connection: Connection, tenant: Tenant) -> None:
    """Write lines dated tomorrow, so that they stay the newest while the proof adds its own."""
    line = {
        "at": datetime.now(UTC) + timedelta(days=1),
        "actor": tenant.admin.email,
        "tenant_id": tenant.id,
        "action": "proof.mark",
        "outcome": "allowed",
        "details": {"note": f"{tenant.marker} in the log", "amount": str(tenant.number)},
    }
    connection.execute(insert(audit_log), [line] * 3)


def _add_person(connection: Connection, person: Person, password_hash: str | None = None) -> None:
    row = {"id": person.id, "email": person.email, "created_at": datetime.now(UTC)}
    connection.execute(insert(users).values(**row, password_hash=password_hash))


def _grant(connection: Connection, person: Person, tenant: Tenant, role: str) -> None:
    row = {"user_id": person.id, "tenant_id": tenant.id, "role": role}
    connection.execute(insert(user_tenants).values(**row))


def _assign(
    connection: Connection, tenant: Tenant, slug: str, version: str, config: dict[str, Any]
) -> None:
    found = connection.execute(select(dashboards.c.id).where(dashboards.c.slug == slug))
    key = {"tenant_id": tenant.id, "dashboard_id": found.scalar_one()}
    matches = and_(*(tenant_dashboards.c[name] == value for name, value in key.items()))
    connection.execute(delete(tenant_dashboards).where(matches))
    row = {**key, "config_json": config, "data_version": version}
    connection.execute(insert(tenant_dashboards).values(**row))
