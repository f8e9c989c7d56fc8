"""Dashboards: which there are, and which tenant has which."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from kyros_api.administration import names, tenant_files, tenants
from kyros_api.administration.errors import AdministrationError
from kyros_api.administration.recording import record
from kyros_api.dashboards.catalogue import CATALOGUE
from kyros_api.metadata.tables import dashboards, tenant_dashboards
from kyros_api.metadata.tables import tenants as tenants_table

if TYPE_CHECKING:
    from pathlib import Path

    from kyros_api.administration.tenants import Tenant

_LONGEST_CONFIG = 100_000  # characters


class ListedDashboard(NamedTuple):
    """A dashboard of the product, and the slugs of the tenants that have it."""

    slug: str
    title: str
    description: str
    tenants: list[str]


class Assigned(NamedTuple):
    """A dashboard that a tenant has or had.

    Attributes:
        had: whether it had it before.
        data_version: of its data, None when there are none.
    """

    tenant: Tenant
    dashboard: str
    had: bool
    data_version: str | None


class DataVersion(NamedTuple):
    """A version of a tenant's data for a dashboard, as somebody named it."""

    name: str
    tenants_dir: Path

    def checked(self, tenant_id: str, slug: str) -> str:
        """Return the name when there are such data."""
        versions = tenant_files.versions(self.tenants_dir / tenant_id / slug)
        if self.name not in versions:
            raise names.unknown("data version", self.name, versions, "seed or ingest some first")
        return self.name


def list_all(connection: Connection) -> list[ListedDashboard]:
    """Return every dashboard, by slug."""
    owners: dict[str, list[str]] = {}
    for row in connection.execute(
        select(dashboards.c.slug, tenants_table.c.slug.label("tenant"))
        .join(tenant_dashboards, tenant_dashboards.c.dashboard_id == dashboards.c.id)
        .join(tenants_table, tenants_table.c.id == tenant_dashboards.c.tenant_id)
        .order_by(tenants_table.c.slug)
    ):
        owners.setdefault(row.slug, []).append(row.tenant)
    return [
        ListedDashboard(slug, data.title, data.description, owners.get(slug, []))
        for slug, data in sorted(CATALOGUE.items())
    ]


def parse_config(text: str) -> dict[str, Any]:
    """Return a tenant's settings of a dashboard.

    Raises:
        AdministrationError: it is no JSON object, or a very long one.
    """

    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is no JSON")

    if len(text) > _LONGEST_CONFIG:
        raise AdministrationError(f"--config is longer than {_LONGEST_CONFIG:,} characters.")
    try:
        config = json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise AdministrationError(
            f'--config is not JSON ({error}); write it like \'{{"currency": "EUR"}}\'.'
        ) from error
    if not isinstance(config, dict):
        raise AdministrationError(
            '--config must be a JSON object; write it like \'{"currency": "EUR"}\'.'
        )
    return config


def assign(
    connection: Connection,
    tenant: str,
    slug: str,
    *,
    config: dict[str, Any] | None = None,
    data: DataVersion | None = None,
) -> Assigned:
    """Give a tenant a dashboard, or change how it has it; what is not given stays as it is.

    Args:
        connection: in a transaction.
        tenant: its slug or id.
        slug: of the dashboard.
        config: the tenant's own settings of it.
        data: which version of the tenant's data it shows from now on, as after going back one.

    Raises:
        AdministrationError: no such tenant, dashboard or version, or there is nothing to change.
    """
    place, dashboard_id = tenants.find(connection, tenant), _find_or_add(connection, slug)
    here = _assignment(place.id, dashboard_id)
    before = connection.execute(select(tenant_dashboards).where(here)).one_or_none()
    values: dict[str, Any] = {} if config is None else {"config_json": config}
    if data is not None:
        values["data_version"] = data.checked(place.id, slug)
        if before is not None and before.data_version != values["data_version"]:
            values["previous_data_version"] = before.data_version
    if before is None:
        key = {"tenant_id": place.id, "dashboard_id": dashboard_id}
        connection.execute(insert(tenant_dashboards).values(key | {"config_json": {}} | values))
    elif not values:
        raise AdministrationError(
            f"{place.slug} has {slug} already; give --config or --data-version to change that."
        )
    else:
        connection.execute(update(tenant_dashboards).where(here).values(values))
    version = values.get("data_version", before.data_version if before else None)
    record(
        connection,
        "dashboard.assign",
        tenant_id=place.id,
        dashboard=slug,
        data_version=version or "none",
    )
    return Assigned(place, slug, before is not None, version)


def unassign(connection: Connection, tenant: str, slug: str) -> Assigned:
    """Take a dashboard from a tenant; the files of its data stay until the tenant is erased.

    Raises:
        AdministrationError: the tenant does not have it; the sentence says what it has.
    """
    place = tenants.find(connection, tenant)
    had = {
        row.slug: row
        for row in connection.execute(
            select(dashboards.c.slug, dashboards.c.id, tenant_dashboards.c.data_version)
            .join(tenant_dashboards, tenant_dashboards.c.dashboard_id == dashboards.c.id)
            .where(tenant_dashboards.c.tenant_id == place.id)
        )
    }
    if slug not in had:
        raise names.unknown(f"dashboard of {place.slug}", slug, had, "there is nothing to take")
    row = had[slug]
    connection.execute(delete(tenant_dashboards).where(_assignment(place.id, row.id)))
    version = row.data_version
    record(
        connection,
        "dashboard.unassign",
        tenant_id=place.id,
        dashboard=slug,
        data_version=version or "none",
    )
    return Assigned(place, slug, had=True, data_version=version)


def _assignment(tenant_id: str, dashboard_id: str) -> ColumnElement[bool]:
    return and_(
        tenant_dashboards.c.tenant_id == tenant_id,
        tenant_dashboards.c.dashboard_id == dashboard_id,
    )


def _find_or_add(connection: Connection, slug: str) -> str:
    """Return the id of a dashboard's row, which an installation without the demo has not yet."""
    if slug not in CATALOGUE:
        raise names.unknown("dashboard", slug, CATALOGUE, "the README tells how to add one")
    data = CATALOGUE[slug]
    known = select(dashboards.c.id).where(dashboards.c.slug == slug)
    found = connection.execute(known).scalar_one_or_none()
    if found is not None:
        return str(found)
    connection.execute(
        insert(dashboards).values(
            id=data.id,
            slug=slug,
            title=data.title,
            description=data.description,
            config_json=dict(data.config),
        )
    )
    return data.id
