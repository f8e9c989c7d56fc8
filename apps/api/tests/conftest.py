"""A seeded API of its own for every test."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from api_stage import SECRET, SOURCES, Stage
from fastapi.testclient import TestClient
from hypothesis import settings
from ingest_stage import Loader
from operator_stage import Operator

from kyros_api.app import create_app
from kyros_api.metadata.engine import sqlite_engine
from kyros_api.metadata.migrate import upgrade
from kyros_api.seeding.seed import seed
from kyros_api.settings import ApiSettings, StorageSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

# In CI the same examples every time; elsewhere new ones, and a line that brings a failure back.
settings.register_profile("kyros", derandomize="CI" in os.environ, print_blob=True, deadline=None)
settings.load_profile("kyros")


@pytest.fixture(autouse=True)
def _called_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands call themselves by their own names, also when Nox runs the tests."""
    monkeypatch.delenv("NOX_CURRENT_SESSION", raising=False)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seed once for all tests; nobody changes this copy."""
    data = tmp_path_factory.mktemp("seeded")
    shutil.copytree(SOURCES, data / "source")
    seed(
        StorageSettings(data_dir=data, database_path=data / "tenant_metadata.db"),
        lambda _step: None,
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


@pytest.fixture
def operator(seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Give an operator copies of metadata and data, which a test may change."""
    data_dir = tmp_path / "own"
    shutil.copytree(seeded / "tenants", data_dir / "tenants")
    database = data_dir / "tenant_metadata.db"
    shutil.copy(seeded / "tenant_metadata.db", database)
    return Operator(database, data_dir, monkeypatch)


@pytest.fixture
def loader(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Loader:
    """Give somebody who ingests copies of metadata and data, which a test may change."""
    return Loader(operator.database, operator.data_dir, monkeypatch)


@pytest.fixture
def own_stage(operator: Operator, make_stage: Callable[..., Stage]) -> Stage:
    """Start an API in demo mode on what the operator administers."""
    changed = {"database_path": operator.database, "data_dir": operator.data_dir}
    return make_stage(**changed)._replace(database=operator.database, data_dir=operator.data_dir)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Migrate an empty database, ``metadata.db``."""
    engine = sqlite_engine(tmp_path / "metadata.db", create=True)
    upgrade(engine)
    yield engine
    engine.dispose()
