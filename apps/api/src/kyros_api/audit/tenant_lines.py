"""All lines of one tenant: handed out to it, or forgotten for good.

A line may lie in two places, the table and the files from which it was moved there
(:mod:`kyros_api.audit.spool`), and a running API goes on to move lines while an operator erases a
tenant. Forgetting therefore has three steps: :func:`collect` what lies in the files, :func:`forget`
it in the transaction that erases the tenant, and :func:`blank` the files.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, delete, or_

from kyros_api.audit.events import AuditEvent
from kyros_api.audit.queries import insert_events, select_lines
from kyros_api.metadata.tables import audit_log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_AT_ONCE = 500  # emails in one statement: databases limit how many values it binds


@dataclass(frozen=True)
class Erased:
    """Whose lines go: a tenant's, and of no tenant those by or about its people.

    Attributes:
        tenant_id: of the tenant.
        emails: of the people who go with it; what they did in other tenants stays there.
        kept: the action whose lines stay: they tell of the erasure itself.
    """

    tenant_id: str
    emails: frozenset[str]
    kept: str

    def holds(self, event: AuditEvent) -> bool:
        """Say whether the event goes."""
        if event.action == self.kept:
            return False
        if event.tenant_id is not None:
            return event.tenant_id == self.tenant_id
        return not self.emails.isdisjoint({event.actor, event.details.get("email")})


def read_lines(connection: Connection, tenant_id: str) -> Iterator[dict[str, Any]]:
    """Yield the lines that a tenant's admins may see, as they see them, oldest first."""
    rows = connection.execution_options(yield_per=500).execute(
        select_lines(tenant_id).order_by(audit_log.c.id)
    )
    for row in rows:
        yield {
            "at": row.at.isoformat(),
            "actor": row.actor,
            "action": row.action,
            "outcome": row.outcome,
            "request_id": row.request_id,
            "details": row.details,
        }


def collect(connection: Connection, folder: Path) -> frozenset[str]:
    """Put what still lies in the files into the table, and return the ids of those events."""
    collected = set[str]()
    for path in sorted(folder.glob("*.jsonl")):
        try:
            with path.open("rb") as file:
                events = [event for line in file if (event := _parse(line))]
        except FileNotFoundError:
            continue  # its process has moved it all
        insert_events(connection, events)
        collected.update(event.event_id for event in events)
    return frozenset(collected)


def forget(connection: Connection, erased: Erased) -> int:
    """Delete the rows, and return how many."""
    of_nobody = audit_log.c.tenant_id.is_(None)
    about = audit_log.c.details["email"].as_string()
    emails = sorted(erased.emails)
    conditions = [audit_log.c.tenant_id == erased.tenant_id]
    for start in range(0, len(emails), _AT_ONCE):
        some = emails[start : start + _AT_ONCE]
        conditions.append(and_(of_nobody, or_(audit_log.c.actor.in_(some), about.in_(some))))
    not_kept = audit_log.c.action != erased.kept
    return sum(
        connection.execute(delete(audit_log).where(condition, not_kept)).rowcount
        for condition in conditions
    )


def blank(folder: Path, goes: Callable[[AuditEvent], bool]) -> None:
    """Write blanks over lines in the files, in place: their processes go on appending.

    A line keeps its length, and a reader takes a blank one for cut off and leaves it out.
    """
    for path in sorted(folder.glob("*.jsonl")):
        try:
            descriptor = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            continue
        with os.fdopen(descriptor, "r+b") as file:
            start = 0
            for line in file.read().splitlines(keepends=True):
                event = _parse(line)
                if event and goes(event):
                    os.pwrite(descriptor, b" " * (len(line) - 1), start)
                start += len(line)
            os.fsync(descriptor)


def _parse(line: bytes) -> AuditEvent | None:
    if not line.endswith(b"\n"):
        return None  # still being written
    try:
        return AuditEvent.from_line(line)
    except ValueError:
        return None  # cut off, or blank
