"""Made-up tenants and people, put into the metadata as the administration's commands do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kyros_api.administration import dashboards, roles, tenants, users
from kyros_api.administration.database import changing
from kyros_api.auth.passwords import hash_password
from kyros_api.metadata.location import SqliteFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kyros_shared_config import Role

_COLOURS = ("#0052cc", "#ff5722", "#00897b", "#6a1b9a", "#c62828", "#2e7d32")
_DASHBOARD = "risk-analysis"


def add_tenants(data: Path, count: int, email: str) -> list[str]:
    """Add tenants in one commit, each with a dashboard without data; somebody is viewer in all.

    Args:
        data: the folder of the API's data.
        count: how many.
        email: of a person who is there.

    Returns:
        their slugs, by name.
    """
    slugs = [f"tenant-{number:03}" for number in range(1, count + 1)]
    with changing(_database(data)) as connection:
        for number, slug in enumerate(slugs):
            colour = _COLOURS[number % len(_COLOURS)]
            new = tenants.NewTenant(f"Tenant {number + 1:03}", slug, primary_color=colour)
            tenants.add(connection, new, data / "tenants")
            dashboards.assign(connection, slug, _DASHBOARD)
            roles.grant(connection, email, slug, "viewer")
    return slugs


def add_person(data: Path, email: str, password: str, grants: Mapping[str, Role]) -> None:
    """Add a person with a password and a role in each of some tenants, by slug."""
    with changing(_database(data)) as connection:
        users.add(connection, email)
        users.set_password(connection, email, hash_password(password))
        for slug, role in grants.items():
            roles.grant(connection, email, slug, role)


def _database(data: Path) -> SqliteFile:
    return SqliteFile(data / "tenant_metadata.db")
