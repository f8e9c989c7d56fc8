"""Each change by an operator leaves a line in the audit log."""

from __future__ import annotations

import os
import pwd
from typing import TYPE_CHECKING

from kyros_api.audit.events import AuditEvent
from kyros_api.audit.queries import insert_events

if TYPE_CHECKING:
    from sqlalchemy import Connection


def operator() -> str:
    """Say who is at it, by the account of the machine; not by variables that anybody can set."""
    try:
        return f"cli:{pwd.getpwuid(os.getuid()).pw_name}"
    except KeyError:  # as in a container that runs under a number
        return f"cli:{os.getuid()}"


def record(
    connection: Connection, action: str, *, tenant_id: str | None = None, **details: str
) -> AuditEvent:
    """Write down a change, in the transaction that makes it."""
    event = AuditEvent.now(
        f"admin.{action}", "allowed", actor=operator(), tenant_id=tenant_id, details=details
    )
    insert_events(connection, [event])
    return event
