"""The demo's rows in the metadata: put in where missing, brought up to date where there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, and_, insert, select, update

from kyros_api.dashboards.catalogue import CATALOGUE
from kyros_api.metadata import tables
from kyros_api.seeding import demo
from kyros_api.storage.versions import is_own

if TYPE_CHECKING:
    from collections.abc import Mapping


def write_rows(connection: Connection, versions: Mapping[tuple[str, str], str]) -> None:
    """Write tenants, dashboards, users, grants and assignments; what else is there stays.

    Args:
        connection: in a transaction, which makes it all or nothing.
        versions: the data version of each (tenant id, dashboard slug); what a tenant brought
            itself stays in place.
    """
    now = datetime.now(UTC)
    for tenant in demo.TENANTS:
        values = {
            "name": tenant.name,
            "slug": tenant.slug,
            "is_active": True,
            "config_json": dict(tenant.config),
        }
        _put(connection, tables.tenants, {"id": tenant.id}, values, {"created_at": now})
    for slug, dashboard in CATALOGUE.items():
        values = {
            "slug": slug,
            "title": dashboard.title,
            "description": dashboard.description,
            "config_json": dict(dashboard.config),
        }
        _put(connection, tables.dashboards, {"id": dashboard.id}, values)
    for user in demo.USERS:
        values = {"email": user.email, "is_active": True}
        _put(connection, tables.users, {"id": user.id}, values, {"created_at": now})
        for tenant_id, role in user.roles.items():
            key = {"user_id": user.id, "tenant_id": tenant_id}
            _put(connection, tables.user_tenants, key, {"role": role})
    _write_assignments(connection, versions)


def _write_assignments(connection: Connection, versions: Mapping[tuple[str, str], str]) -> None:
    assigned = tables.tenant_dashboards
    for item in demo.ASSIGNMENTS:
        version = versions.get((item.tenant_id, item.dashboard_slug))
        key = {
            "tenant_id": item.tenant_id,
            "dashboard_id": CATALOGUE[item.dashboard_slug].id,
        }
        here = and_(*(assigned.c[name] == value for name, value in key.items()))
        row = connection.execute(select(assigned).where(here)).one_or_none()
        if row is not None and is_own(row.data_version):
            before = row.previous_data_version
            if version and before and not is_own(before):
                # Going back goes to the demo as this version makes it.
                change = update(assigned).where(here).values(previous_data_version=version)
                connection.execute(change)
        elif version:
            values = {"config_json": dict(item.config), "data_version": version}
            _put(connection, assigned, key, values)


def _put(
    connection: Connection,
    table: Table,
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    only_when_new: Mapping[str, Any] | None = None,
) -> None:
    """Update the row with this key, or insert it: in words that every database understands."""
    matches = and_(*(table.c[name] == value for name, value in key.items()))
    if connection.execute(update(table).where(matches).values(**values)).rowcount == 0:
        connection.execute(insert(table).values(**key, **values, **(only_when_new or {})))
