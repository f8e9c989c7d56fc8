"""What the audit log looks like from outside."""

import re
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

# Pydantic alone would also take a number for the seconds since 1970.
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def _written_out(given: object) -> object:
    if isinstance(given, str) and not _RFC_3339.fullmatch(given):
        raise ValueError("must be a moment with its offset from UTC, as 2026-01-31T08:00:00Z")
    return given


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # within a day of the first or the last moment that Python knows
        return _FIRST if moment.year == _FIRST.year else _LAST


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_in_utc)]


class AuditQuery(BaseModel):
    """Which lines of the log; newest first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(default=50, ge=1, le=500, description="Lines of one page.")
    offset: int = Field(default=0, ge=0, le=2**31 - 1, description="Lines to leave out.")
    before: int | None = Field(
        default=None,
        ge=0,
        le=2**53,
        description="Only lines older than this id: pages that new lines do not shift.",
    )
    outcome: Literal["allowed", "denied"] | None = Field(default=None, description="Only these.")
    since: Moment | None = Field(
        default=None, description="Only from this moment on; with its offset from UTC."
    )
    until: Moment | None = Field(
        default=None, description="Only before this moment; with its offset from UTC."
    )
    search: str = Field(
        default="", max_length=100, description="A part of the actor, the action or a request id."
    )


class AuditLine(BaseModel):
    """Who was let in or turned away, and when.

    ``actor`` is null where nobody is known, or where somebody of another organisation was turned
    away: that it happened concerns this tenant, who it was does not.
    """

    id: int
    at: datetime
    actor: str | None
    action: str
    outcome: Literal["allowed", "denied"]
    request_id: str | None
    details: dict[str, str]


class AuditLines(BaseModel):
    """A page of the tenant's log, how many lines match in all, and where the next page begins."""

    tenant_id: str
    total: int
    next_before: int | None = Field(description="`before` of the next page; null on the last.")
    events: list[AuditLine]
