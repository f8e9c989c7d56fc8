"""The audit log as operators read it: of every tenant, and of none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, select

from kyros_api.administration import names, tenants
from kyros_api.metadata.tables import audit_log

if TYPE_CHECKING:
    from datetime import datetime


class Line(NamedTuple):
    """One line of the audit log."""

    id: int
    at: datetime
    actor: str | None
    action: str
    outcome: str
    tenant_id: str | None
    request_id: str | None
    details: dict[str, str]


def list_events(connection: Connection, tenant: str | None, limit: int) -> list[Line]:
    """Return the newest lines: of one tenant when it is named, also of one that was erased."""
    columns = [audit_log.c[name] for name in Line._fields]
    query = select(*columns).order_by(audit_log.c.id.desc()).limit(limit)
    if tenant is not None:
        wanted = tenant.lower()
        tenant_id = wanted if names.is_id(wanted) else tenants.find(connection, tenant).id
        query = query.where(audit_log.c.tenant_id == tenant_id)
    return [Line(*row) for row in connection.execute(query)]
