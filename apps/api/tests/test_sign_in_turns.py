"""Sign-ins take turns at the database, and nobody waits for theirs for ever."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

import pytest

from kyros_api.auth import throttle
from kyros_api.auth.limit import Limit
from kyros_api.auth.throttle import SignInThrottle
from kyros_api.errors import UnavailableError

if TYPE_CHECKING:
    from kyros_api.metadata.database import Metadata

PATIENCE = 0.1  # seconds, for a test


class SlowMetadata:
    """Takes a write and keeps it until it is told to go on; nobody has to wait for failures."""

    def __init__(self) -> None:
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def read(self, *_question: object) -> int:
        """Answer that there is a place."""
        return 0

    async def write(self, *_change: object) -> int:
        """Write, in the end."""
        self.begun.set()
        await self.go_on.wait()
        return 0


async def test_waiting_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for too long is told to come again, and those who come later have their turn."""
    assert throttle._PATIENCE <= 5  # noqa: SLF001 - the shell's own patience
    monkeypatch.setattr(throttle, "_PATIENCE", PATIENCE)
    metadata, limit = SlowMetadata(), Limit(10, 900)
    subject = SignInThrottle(cast("Metadata", metadata), limit, limit)

    async def sign_in() -> str:
        async with subject.attempt("anna@example.com", "203.0.113.1") as attempt:
            await attempt.succeeded()
        return "in"

    first = asyncio.create_task(sign_in())
    await metadata.begun.wait()
    with pytest.raises(UnavailableError) as refused:
        await asyncio.wait_for(sign_in(), 20 * PATIENCE)
    assert ("SIGN_IN_BUSY", "2") == (refused.value.code, refused.value.headers["Retry-After"])
    metadata.go_on.set()
    assert "in" == await first
    assert "in" == await sign_in()
