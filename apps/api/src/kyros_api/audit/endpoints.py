"""The audit log, for the tenant's own admins."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool

from kyros_api.audit.queries import read_page
from kyros_api.audit.schemas import AuditLine, AuditLines, AuditQuery
from kyros_api.dependencies import Services
from kyros_api.openapi.refusals import refuses
from kyros_api.tenants.access import AdminScope

router = APIRouter(prefix="/api/tenant/{tenant_id}", tags=["audit"])


@router.get("/audit", operation_id="listAuditEvents")
@refuses("TENANT_MISMATCH")
async def audit(
    scope: AdminScope, query: Annotated[AuditQuery, Query()], services: Services
) -> AuditLines:
    """Return who was let in or turned away, newest first."""
    await run_in_threadpool(services.audit.flush)
    page = await services.metadata.scan(read_page, scope.tenant_id, query)
    return AuditLines(
        tenant_id=scope.tenant_id,
        total=page.total,
        next_before=page.rows[-1].id if len(page.rows) == query.limit else None,
        events=[AuditLine.model_validate(row._asdict(), extra="ignore") for row in page.rows],
    )
