"""From a verified token to the data of one dashboard, or a clear no."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kyros_api.audit import log as audit
from kyros_api.dashboards.catalogue import CATALOGUE
from kyros_api.errors import ForbiddenError, NotFoundError
from kyros_api.storage.tenant_data import DataMissingError, TenantFolder
from kyros_api.tenants import queries

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kyros_api.dashboards.catalogue.specification import DashboardData
    from kyros_api.storage.tenant_data import TenantData
    from kyros_api.tenants.queries import AssignedDashboard
    from kyros_shared_config import TenantClaims


class DashboardAccess(NamedTuple):
    """A dashboard that the token's tenant has, what it declares, and the tenant's data for it."""

    tenant_id: str
    dashboard: AssignedDashboard
    specification: DashboardData
    folder: TenantFolder


def open_dashboard(
    engine: Engine, tenant_data: TenantData, scope: TenantClaims, slug: str
) -> DashboardAccess:
    """Open the data of a dashboard for the token's tenant.

    Raises:
        ForbiddenError: the dashboard is not assigned to the tenant.
        NotFoundError: there is no such dashboard, or no data for it yet.
    """
    with engine.connect() as connection:
        assigned = queries.find_dashboard(connection, scope.tenant_id, slug)
        exists = assigned is not None or queries.dashboard_exists(connection, slug)
    if assigned is None and exists:
        audit.record(
            engine,
            "dashboard.read",
            "denied",
            actor=scope.email,
            tenant_id=scope.tenant_id,
            dashboard=slug,
        )
        raise ForbiddenError("DASHBOARD_ACCESS_DENIED", "This tenant does not have this dashboard.")
    if assigned is None or slug not in CATALOGUE:
        raise NotFoundError("DASHBOARD_NOT_FOUND", "There is no dashboard of this name.")
    try:
        folder = tenant_data.folder(scope.tenant_id, slug, assigned.data_version)
    except DataMissingError as error:
        raise NotFoundError(
            "DATA_NOT_FOUND", "There is no data for this dashboard yet: seed or ingest some."
        ) from error
    return DashboardAccess(scope.tenant_id, assigned, CATALOGUE[slug], folder)
