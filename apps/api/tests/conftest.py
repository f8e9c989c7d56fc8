"""A seeded API of its own for every test."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from fastapi.testclient import TestClient
from kyros_api.app import create_app
from kyros_api.seeding.seed import seed
from kyros_api.settings import ApiSettings, StorageSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SOURCES = Path(__file__).parents[3] / "data" / "source"
SECRET = "5f1c0a9be2d74836a1f4e7093bd8c652"
ACME = "8e1b3d5b-7c9a-4e2f-b1d3-a5c7e9f12345"
BETA = "2450a2f8-3b7e-4eab-9b4a-1f73d9a0b1c4"


class Stage(NamedTuple):
    """A running API, and where its data lies."""

    client: TestClient
    database: Path
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


def bearer(token: str) -> dict[str, str]:
    """Return the header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seed once for all tests; nobody changes this copy."""
    data = tmp_path_factory.mktemp("seeded")
    shutil.copytree(SOURCES, data / "source")
    seed(
        StorageSettings(data_dir=data, database_path=data / "tenant_metadata.db"), lambda _step: None
    )
    return data


@pytest.fixture
def make_stage(seeded: Path, tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    """Start an API on a fresh copy of the metadata, with settings changed at will."""
    clients: list[TestClient] = []

    def make(**changes: object) -> Stage:
        database = tmp_path / "metadata.db"
        shutil.copy(seeded / "tenant_metadata.db", database)
        values = {
            "kyros_env": "development",
            "auth_mode": "demo",
            "jwt_secret_key": SECRET,
            "database_path": database,
            "data_dir": seeded,
            **changes,
        }
        app = create_app(ApiSettings.model_validate(values))
        client = TestClient(app, raise_server_exceptions=False)
        client.__enter__()
        clients.append(client)
        return Stage(client, database, seeded)

    yield make
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def stage(make_stage: Callable[..., Stage]) -> Stage:
    """Start an API in demo mode on a fresh copy of the metadata."""
    return make_stage()
