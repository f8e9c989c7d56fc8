"""Which version of its data a tenant sees: one commit puts new data in place, or back.

The version before is kept, and no other: what nobody refers to any more is removed afterwards.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb
from sqlalchemy import Connection, select, update

from kyros_api.administration import names, tenants
from kyros_api.administration.database import changing, reading
from kyros_api.administration.errors import AdministrationError, EnvironmentFaultError
from kyros_api.administration.recording import record
from kyros_api.dashboards.catalogue import CATALOGUE
from kyros_api.metadata.tables import dashboards, tenant_dashboards
from kyros_api.metadata.tables import tenants as tenants_table
from kyros_api.modelling.tables import is_complete
from kyros_api.storage.lock import only_writer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kyros_api.settings import StorageSettings


class Place(NamedTuple):
    """A dashboard of a tenant, and what data it has.

    Attributes:
        tenant_id: of the tenant.
        tenant: its slug.
        dashboard: its slug.
        dashboard_id: of its row.
        config: the tenant's own settings of it.
        currency: of the dashboard as it is: of the settings, or else of the tenant.
        version: in place, None when there are no data.
        previous: the one before it.
        folder: below which the versions lie.
    """

    tenant_id: str
    tenant: str
    dashboard: str
    dashboard_id: str
    config: dict[str, Any]
    currency: str | None
    version: str | None
    previous: str | None
    folder: Path


class Dataset(NamedTuple):
    """What data a version holds, as its table ``dataset`` says."""

    title: str
    file: str
    rows: int
    unit: str
    loaded_at: str
    currency: str | None


def find_place(settings: StorageSettings, tenant: str, dashboard: str) -> Place:
    """Return a tenant's dashboard.

    Raises:
        AdministrationError: no such tenant, or it does not have such a dashboard.
        EnvironmentFaultError: the metadata cannot be read.
    """
    with reading(settings.database) as connection:
        return _find(connection, settings, tenant, dashboard)


def _find(connection: Connection, settings: StorageSettings, tenant: str, dashboard: str) -> Place:
    found = tenants.find(connection, tenant)
    rows = {
        row.slug: row
        for row in connection.execute(
            select(
                dashboards.c.slug,
                tenant_dashboards,
                tenants_table.c.config_json.label("tenant_config"),
            )
            .join(tenant_dashboards, tenant_dashboards.c.dashboard_id == dashboards.c.id)
            .join(tenants_table, tenants_table.c.id == tenant_dashboards.c.tenant_id)
            .where(tenant_dashboards.c.tenant_id == found.id)
        )
        if row.slug in CATALOGUE
    }
    if dashboard not in rows:
        if dashboard in CATALOGUE:
            raise AdministrationError(
                f"Tenant {found.slug} does not have the dashboard {dashboard}; give it to them "
                f"with: kyros-api admin dashboard assign {found.slug} {dashboard}"
            )
        raise names.unknown("dashboard", dashboard, CATALOGUE, "the README tells how to add one")
    row = rows[dashboard]
    return Place(
        found.id,
        found.slug,
        dashboard,
        row.dashboard_id,
        dict(row.config_json),
        row.config_json.get("currency") or row.tenant_config.get("currency"),
        row.data_version,
        row.previous_data_version,
        settings.data_dir / "tenants" / found.id / dashboard,
    )


def put(
    settings: StorageSettings, place: Place, version: str, *, sha256: str, dataset: Dataset
) -> Place:
    """Make a version what the tenant sees; the one until now becomes the one before.

    Returns:
        how it is now.

    Raises:
        AdministrationError: tenant or dashboard are gone meanwhile; nothing was changed.
        EnvironmentFaultError: the metadata cannot be written; nothing was changed.
    """
    with changing(settings.database) as connection:
        now = _find(connection, settings, place.tenant_id, place.dashboard)
        _point(connection, now, version, now.version, dataset.currency)
        record(
            connection,
            "data.ingest",
            tenant_id=now.tenant_id,
            dashboard=now.dashboard,
            data_version=version,
            previous=now.version or "none",
            file=dataset.file,
            sha256=sha256,
            rows=str(dataset.rows),
        )
    now = now._replace(version=version, previous=now.version)
    remove_unused(now)
    return now


def undo(settings: StorageSettings, tenant: str, dashboard: str) -> tuple[Place, Dataset]:
    """Put the version before back; the one until now can be put back in the same way.

    Returns:
        how it is now, and what is in place.

    Raises:
        AdministrationError: there is none before, or it cannot be read; nothing was changed.
        EnvironmentFaultError: the metadata cannot be written; nothing was changed.
    """
    with changing(settings.database) as connection:
        now = _find(connection, settings, tenant, dashboard)
        if now.previous is None:
            raise AdministrationError(
                f"There is nothing before the data of {now.tenant} for {dashboard}; ingest a file "
                "instead."
            )
        if not is_complete(dashboard, now.folder / now.previous):
            raise AdministrationError(
                f"The data before, {now.previous}, are of an older version of Kyros or damaged; "
                "ingest their file again, or run seed for the demo's."
            )
        dataset = read_dataset(now.folder / now.previous)
        _point(connection, now, now.previous, now.version, dataset.currency)
        record(
            connection,
            "data.undo",
            tenant_id=now.tenant_id,
            dashboard=dashboard,
            data_version=now.previous,
            previous=now.version or "none",
        )
    return now._replace(version=now.previous, previous=now.version), dataset


def _point(
    connection: Connection, place: Place, version: str, before: str | None, currency: str | None
) -> None:
    """Let the row name these versions; money is in the currency that the data are in."""
    config = {name: value for name, value in place.config.items() if name != "currency"}
    if currency is not None:
        config["currency"] = currency
    connection.execute(
        update(tenant_dashboards)
        .where(
            tenant_dashboards.c.tenant_id == place.tenant_id,
            tenant_dashboards.c.dashboard_id == place.dashboard_id,
        )
        .values(data_version=version, previous_data_version=before, config_json=config)
    )


def remove_unused(place: Place) -> None:
    """Remove what the row does not name: older versions, and what an interrupted run left."""
    for folder in place.folder.glob("*"):
        if folder.name not in {place.version, place.previous}:
            shutil.rmtree(folder, ignore_errors=True)


def read_dataset(folder: Path) -> Dataset:
    """Return what data a version holds."""
    with duckdb.connect(":memory:") as database:
        (row,) = database.execute(
            "SELECT title, file, rows, unit, strftime(loaded_at, '%Y-%m-%d %H:%M UTC'), currency"
            " FROM read_parquet(?)",
            [str(folder / "dataset.parquet")],
        ).fetchall()
    return Dataset(*row)


@contextmanager
def nobody_else_writes(data_dir: Path) -> Iterator[None]:
    """Keep others who write tenants' files out while this runs.

    Raises:
        EnvironmentFaultError: somebody writes, or nobody can; nothing was changed.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(only_writer(data_dir))
        except BlockingIOError as error:
            raise EnvironmentFaultError(
                "Another command is writing tenants' data; wait until it has finished and repeat."
            ) from error
        except OSError as error:
            raise EnvironmentFaultError(
                f"{data_dir} cannot be written ({error.strerror}); make it yours with: "
                "sudo chown -R $(id -u) data"
            ) from error
        yield
