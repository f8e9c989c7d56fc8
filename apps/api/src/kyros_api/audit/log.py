"""Who was let in or turned away, where, and when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from sqlalchemy import insert

from kyros_api.metadata.tables import audit_log
from kyros_shared_config import current_request_id

if TYPE_CHECKING:
    from sqlalchemy import Engine

Outcome = Literal["allowed", "denied"]


def record(
    engine: Engine,
    action: str,
    outcome: Outcome,
    *,
    actor: str | None,
    tenant_id: str | None = None,
    **details: str,
) -> None:
    """Write one line of the audit log, committed before this returns.

    Args:
        engine: the metadata database.
        action: what was tried, such as ``token.exchange``.
        outcome: whether it was allowed.
        actor: the email of who tried, None when nobody is known.
        tenant_id: the tenant it was about.
        details: what else explains it; never a token or a password.
    """
    row = {
        "at": datetime.now(UTC),
        "actor": actor,
        "tenant_id": tenant_id,
        "action": action,
        "outcome": outcome,
        "request_id": current_request_id(),
        "details": details,
    }
    with engine.begin() as connection:
        connection.execute(insert(audit_log), row)
