"""The audit log's table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from kyros_api.metadata.insert import insert_missing
from kyros_api.metadata.tables import audit_log, user_tenants, users

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row, Select

    from kyros_api.audit.events import AuditEvent
    from kyros_api.audit.schemas import AuditQuery

_LENGTHS = {column.name: getattr(column.type, "length", None) for column in audit_log.c}


def insert_events(connection: Connection, events: Sequence[AuditEvent]) -> None:
    """Write events that are not there yet, in the transaction of the connection."""
    if events:
        rows = [_fitting(event.to_row()) for event in events]
        insert_missing(connection, audit_log, rows, unique="event_id")


def _fitting(row: dict[str, object]) -> dict[str, object]:
    """Cut what PostgreSQL would refuse as too long: one such line would keep all others out."""
    return {
        name: value[: _LENGTHS[name]] if isinstance(value, str) else value
        for name, value in row.items()
    }


class AuditPage(NamedTuple):
    """A part of a tenant's log, newest first, and how many lines match in all."""

    total: int
    rows: Sequence[Row[Any]]


def read_page(connection: Connection, tenant_id: str, query: AuditQuery) -> AuditPage:
    """Return what concerns a tenant: what was tried there, and the sign-ins of its people."""
    matches = select_lines(tenant_id).where(*_chosen(query, _shown_actor(tenant_id)))
    total = connection.execute(select(func.count()).select_from(matches.subquery())).scalar_one()
    rows = connection.execute(
        matches.order_by(audit_log.c.id.desc()).limit(query.limit).offset(query.offset)
    ).all()
    return AuditPage(total, rows)


def select_lines(tenant_id: str) -> Select[Any]:
    """Select what a tenant may see of the log, as it may see it."""
    others = [column for column in audit_log.c if column is not audit_log.c.actor]
    own = or_(
        audit_log.c.tenant_id == tenant_id,
        and_(audit_log.c.tenant_id.is_(None), audit_log.c.actor.in_(_emails_of(tenant_id))),
    )
    return select(*others, _shown_actor(tenant_id).label("actor")).where(own)


def _shown_actor(tenant_id: str) -> ColumnElement[str]:
    """Give who did it, for the tenant's eyes.

    Who was turned away is named only to their own organisation: that somebody of another one
    tried concerns this tenant, who it was does not.
    """
    known = or_(audit_log.c.outcome != "denied", audit_log.c.actor.in_(_emails_of(tenant_id)))
    return case((known, audit_log.c.actor))


def _emails_of(tenant_id: str) -> Select[str]:
    return (
        select(users.c.email)
        .join(user_tenants, user_tenants.c.user_id == users.c.id)
        .where(user_tenants.c.tenant_id == tenant_id)
    )


def _chosen(query: AuditQuery, shown_actor: ColumnElement[str]) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if query.before is not None:
        chosen.append(audit_log.c.id < query.before)
    if query.outcome is not None:
        chosen.append(audit_log.c.outcome == query.outcome)
    # SQLite keeps no zone: what is compared with it has to be in UTC, as all that it keeps is.
    if query.since is not None:
        chosen.append(audit_log.c.at >= query.since)
    if query.until is not None:
        chosen.append(audit_log.c.at < query.until)
    if query.search:
        chosen.append(
            or_(
                *(
                    column.icontains(query.search, autoescape=True)
                    for column in (shown_actor, audit_log.c.action, audit_log.c.request_id)
                )
            )
        )
    return chosen
