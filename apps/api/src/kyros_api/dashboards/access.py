"""From a verified token to the data of one dashboard, or a clear no."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kyros_api.dashboards.cache import Subject
from kyros_api.dashboards.catalogue import CATALOGUE
from kyros_api.dependencies import services_of
from kyros_api.errors import ForbiddenError, NotFoundError
from kyros_api.tenants.access import ENTERING, enter_tenant
from kyros_api.tenants.queries import find_dashboard_standing

if TYPE_CHECKING:
    from fastapi import Request

    from kyros_api.dashboards.catalogue.specification import DashboardData
    from kyros_api.storage.tenant_data import TenantData, TenantFolder
    from kyros_api.tenants.access import Scope
    from kyros_api.tenants.queries import DashboardStanding

# The codes that seeing a dashboard is refused with, and those of opening its data.
SEEING = (*ENTERING, "DASHBOARD_ACCESS_DENIED", "DASHBOARD_NOT_FOUND")
OPENING = (*SEEING, "DATA_NOT_FOUND")


@dataclass(frozen=True)
class DashboardAccess:
    """A dashboard that the token's tenant has, and the tenant's data for it.

    Attributes:
        slug: the dashboard.
        specification: what the dashboard declares of its data.
        subject: the tenant, the version of its data, and its settings.
        tenant_data: where the data lies.
    """

    slug: str
    specification: DashboardData
    subject: Subject
    tenant_data: TenantData

    @property
    def tenant_id(self) -> str:
        """The tenant of the verified token."""
        return self.subject.tenant_id

    @cached_property
    def config(self) -> dict[str, Any]:
        """The dashboard's settings, the tenant's own laid over the common ones."""
        common, own = json.loads(f"[{self.subject.config}]")
        return {**common, **own}

    @cached_property
    def folder(self) -> TenantFolder:
        """The tenant's data.

        Raises:
            DataMissingError: there is none yet.
        """
        return self.tenant_data.folder(self.tenant_id, self.slug, self.subject.data_version)


async def enter_dashboard(request: Request, slug: str) -> tuple[Scope, DashboardStanding]:
    """Let somebody see a dashboard of the token's tenant.

    Returns:
        who is calling for which tenant, and how that has the dashboard.

    Raises:
        TokenError: there is no valid tenant token.
        ForbiddenError: the dashboard is not assigned to the tenant, or the tenant is not theirs.
        NotFoundError: there is no such dashboard.
    """
    scope, standing = await enter_tenant(request, find_dashboard_standing, slug)
    if standing.known is None or slug not in CATALOGUE:
        raise NotFoundError("DASHBOARD_NOT_FOUND", "There is no dashboard of this name.")
    if standing.assigned is None:
        raise ForbiddenError(
            "DASHBOARD_ACCESS_DENIED",
            "This tenant does not have this dashboard.",
            action="dashboard.read",
            dashboard=slug,
        )
    return scope, standing


async def open_dashboard(request: Request, slug: str) -> DashboardAccess:
    """Open a dashboard's data for the token's tenant.

    Raises:
        TokenError: there is no valid tenant token.
        ForbiddenError: the dashboard is not assigned to the tenant, or the tenant is not theirs.
        NotFoundError: there is no such dashboard.
    """
    scope, standing = await enter_dashboard(request, slug)
    config = f"{standing.config}, {standing.own_config}"
    subject = Subject(scope.tenant_id, slug, standing.data_version, config)
    return DashboardAccess(slug, CATALOGUE[slug], subject, services_of(request).tenant_data)
