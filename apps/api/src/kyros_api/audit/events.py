"""What one line of the audit log says."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, Self

from pydantic_core import from_json, to_json

from kyros_shared_config import current_request_id

if TYPE_CHECKING:
    from collections.abc import Mapping

Outcome = Literal["allowed", "denied"]


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Who was let in or turned away, where, and when.

    Attributes:
        event_id: its own, by which it is written once however often it is delivered.
        at: when, in UTC.
        action: what was tried, such as ``token.exchange``.
        outcome: whether it was allowed.
        actor: the email of who tried, None when nobody is known.
        tenant_id: the tenant it was about, None when there is none.
        request_id: of the request, None outside of one.
        details: what else explains it; never a token or a password.
    """

    event_id: str
    at: datetime
    action: str
    outcome: Outcome
    actor: str | None
    tenant_id: str | None
    request_id: str | None
    details: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def now(
        cls,
        action: str,
        outcome: Outcome,
        *,
        actor: str | None,
        tenant_id: str | None = None,
        details: Mapping[str, str] | None = None,
    ) -> Self:
        """Describe what is happening at this moment, in the request that is being answered."""
        return cls(
            event_id=uuid.uuid4().hex,
            at=datetime.now(UTC),
            action=action,
            outcome=outcome,
            actor=actor,
            tenant_id=tenant_id,
            request_id=current_request_id(),
            details=details or {},
        )

    def to_line(self) -> bytes:
        """Return the event as one line of JSON."""
        return to_json(self) + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Self:
        """Return the event that a line describes.

        Raises:
            ValueError: the line is not one of ours, or was cut off by a crash.
        """
        try:
            values = from_json(line)
            return cls(**values | {"at": datetime.fromisoformat(values["at"])})
        except (TypeError, KeyError) as error:
            raise ValueError("not an audit event") from error

    def to_row(self) -> dict[str, object]:
        """Return the event as the table has it."""
        return {name: getattr(self, name) for name in self.__slots__}
