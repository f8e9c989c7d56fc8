"""From a verified token to the data of one dashboard, or a clear no."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kyros_api.dashboards.catalogue import CATALOGUE
from kyros_api.errors import ForbiddenError, NotFoundError
from kyros_api.storage.tenant_data import DataMissingError, TenantFolder
from kyros_api.tenants import queries

if TYPE_CHECKING:
    from kyros_api.dashboards.catalogue.specification import DashboardData
    from kyros_api.metadata.database import Metadata
    from kyros_api.storage.tenant_data import TenantData
    from kyros_api.tenants.access import Scope
    from kyros_api.tenants.queries import AssignedDashboard


class DashboardAccess(NamedTuple):
    """A dashboard that the token's tenant has, what it declares, and the tenant's data for it."""

    tenant_id: str
    dashboard: AssignedDashboard
    specification: DashboardData
    folder: TenantFolder


async def open_dashboard(
    database: Metadata, tenant_data: TenantData, scope: Scope, slug: str
) -> DashboardAccess:
    """Open the data of a dashboard for the token's tenant.

    Raises:
        ForbiddenError: the dashboard is not assigned to the tenant.
        NotFoundError: there is no such dashboard, or no data for it yet.
    """
    found = await database.read(queries.find_dashboard, scope.tenant_id, slug)
    if found is None or slug not in CATALOGUE:
        raise NotFoundError("DASHBOARD_NOT_FOUND", "There is no dashboard of this name.")
    if found.assigned is None:
        raise ForbiddenError(
            "DASHBOARD_ACCESS_DENIED",
            "This tenant does not have this dashboard.",
            action="dashboard.read",
            dashboard=slug,
        )
    try:
        folder = tenant_data.folder(scope.tenant_id, slug, found.assigned.data_version)
    except DataMissingError as error:
        raise NotFoundError(
            "DATA_NOT_FOUND", "There is no data for this dashboard yet: seed or ingest some."
        ) from error
    return DashboardAccess(scope.tenant_id, found.assigned, CATALOGUE[slug], folder)
