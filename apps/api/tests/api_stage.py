"""What the API's tests share: a running API, and the demo's names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from database_stage import Database
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

SOURCES = Path(__file__).parents[3] / "data" / "source"
SECRET = "5f1c0a9be2d74836a1f4e7093bd8c652"
ACME = "8e1b3d5b-7c9a-4e2f-b1d3-a5c7e9f12345"
BETA = "2450a2f8-3b7e-4eab-9b4a-1f73d9a0b1c4"


class Stage(NamedTuple):
    """A running API, and where its data lies."""

    client: TestClient
    database: Database
    data_dir: Path

    def user_token(self, email: str) -> str:
        """Sign a demo user in."""
        answer = self.client.post("/api/auth/mock-login", json={"email": email})
        return str(answer.json()["access_token"])

    def tenant_token(self, email: str, tenant_id: str) -> str:
        """Sign in and enter a tenant."""
        answer = self.client.post(
            "/api/token/exchange",
            json={"tenant_id": tenant_id},
            headers=bearer(self.user_token(email)),
        )
        return str(answer.json()["access_token"])

    def flush_audit(self) -> bool:
        """Wait until what was audited is in the table."""
        app = cast("FastAPI", self.client.app)
        return bool(app.state.services.audit.flush())


class Clock:
    """The time of day, as the test sets it.

    Attributes:
        now: in UTC.
    """

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def forward(self, seconds: float) -> None:
        """Let so much time pass."""
        self.now += timedelta(seconds=seconds)


def bearer(token: str) -> dict[str, str]:
    """Return the header that carries a token."""
    return {"Authorization": f"Bearer {token}"}
