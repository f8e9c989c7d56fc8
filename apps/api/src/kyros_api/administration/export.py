"""A tenant's export: a zip of all that Kyros holds of it, with a checksum for each file.

Metadata, audit lines and the versions of data are those of one moment: all are read in one
transaction, in which the data files are opened as well. An open file stays whole whatever becomes
of its name, so the data are copied after the transaction, a piece at a time.
"""

from __future__ import annotations

import os
import zipfile
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, select

from kyros_api.administration import tenants
from kyros_api.administration.archive import Archive
from kyros_api.administration.database import changing, reading
from kyros_api.administration.errors import EnvironmentFaultError
from kyros_api.administration.output import aside, refuse_file
from kyros_api.administration.recording import record
from kyros_api.audit.tenant_lines import collect, read_lines
from kyros_api.metadata.tables import dashboards, tenant_dashboards, user_tenants, users
from kyros_api.metadata.tables import tenants as tenants_table
from kyros_api.storage.durable import flush

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kyros_api.administration.archive import Report
    from kyros_api.administration.tenants import Tenant
    from kyros_api.settings import StorageSettings


class Exported(NamedTuple):
    """What an export holds."""

    tenant: Tenant
    files: int
    bytes: int


def export_tenant(
    settings: StorageSettings, named: str, file: Path, report: Report, *, force: bool = False
) -> Exported:
    """Write a tenant's export, complete or not at all.

    The audit log says that it was made before the file is there under its name.

    Args:
        settings: where metadata and data lie.
        named: the tenant's slug or id.
        file: the zip.
        report: told how many bytes of the data are written, and how many there are.
        force: replace a file that is there.

    Raises:
        AdministrationError: no such tenant, or the file cannot be that one.
        EnvironmentFaultError: it could not be written, or data are missing.
    """
    refuse_file(file, force=force)
    with changing(settings.database) as connection:
        tenant = tenants.find(connection, named)
        collect(connection, settings.data_dir / "audit")
    with aside(file) as part:
        listed = _write(settings, tenant, part, report)
        with changing(settings.database) as connection:
            tenants.find(connection, tenant.id)  # erased meanwhile is not exported any more
            size = part.stat().st_size
            record(connection, "tenant.export", tenant_id=tenant.id, bytes=str(size))
        refuse_file(file, force=force)
        part.replace(file)
        flush(file.parent)
    return Exported(tenant, len(listed), size)


def _write(
    settings: StorageSettings, tenant: Tenant, part: Path, report: Report
) -> list[dict[str, Any]]:
    with part.open("wb") as file, ExitStack() as opened:
        with zipfile.ZipFile(file, "w") as zipped:
            archive = Archive(zipped)
            with reading(settings.database) as connection:
                at = datetime.now(UTC)
                archive.add_json("tenant.json", _tenant(connection, tenant.id))
                archive.add_json("users.json", _users(connection, tenant.id))
                assigned = _dashboards(connection, tenant.id)
                archive.add_json("dashboards.json", assigned)
                archive.add_lines("audit.jsonl", read_lines(connection, tenant.id))
                folder = settings.data_dir / "tenants" / tenant.id
                data = [
                    (name, opened.enter_context(path.open("rb")))
                    for name, path in _data_files(folder, assigned)
                ]
            archive.add_files(data, report)
            archive.add_manifest(tenant, at)
        file.flush()
        os.fsync(file.fileno())
    return archive.listed


def _tenant(connection: Connection, tenant_id: str) -> dict[str, Any]:
    row = connection.execute(select(tenants_table).where(tenants_table.c.id == tenant_id)).one()
    return row._asdict()


def _users(connection: Connection, tenant_id: str) -> list[dict[str, Any]]:
    """Return the tenant's people; of their other tenants, and of passwords, nothing."""
    rows = connection.execute(
        select(
            users.c.id, users.c.email, users.c.is_active, users.c.created_at, user_tenants.c.role
        )
        .join(user_tenants, user_tenants.c.user_id == users.c.id)
        .where(user_tenants.c.tenant_id == tenant_id)
        .order_by(users.c.email)
    )
    return [row._asdict() for row in rows]


def _dashboards(connection: Connection, tenant_id: str) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(
            dashboards.c.slug,
            dashboards.c.title,
            tenant_dashboards.c.config_json,
            tenant_dashboards.c.data_version,
            tenant_dashboards.c.previous_data_version,
        )
        .join(tenant_dashboards, tenant_dashboards.c.dashboard_id == dashboards.c.id)
        .where(tenant_dashboards.c.tenant_id == tenant_id)
        .order_by(dashboards.c.slug)
    )
    return [row._asdict() for row in rows]


def _data_files(folder: Path, assigned: list[dict[str, Any]]) -> Iterator[tuple[str, Path]]:
    for dashboard in assigned:
        slug, version = dashboard["slug"], dashboard["data_version"]
        before = dashboard["previous_data_version"]
        if version is not None:
            place = folder / slug / version
            if not place.is_dir():
                raise EnvironmentFaultError(
                    f"{place} is missing, which holds the data of {slug}; restore it from a "
                    "backup, or seed or ingest the data again."
                )
            for path in sorted(place.iterdir()):
                yield f"data/{slug}/{path.name}", path
        if before is not None and (folder / slug / before).is_dir():
            for path in sorted((folder / slug / before).iterdir()):
                yield f"data/{slug}/previous/{path.name}", path
