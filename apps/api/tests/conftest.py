"""A seeded API of its own for every test."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from api_stage import SECRET, SOURCES, Clock, Stage
from database_stage import Database, Databases, PostgresDatabases, SqliteDatabases
from fastapi.testclient import TestClient
from hypothesis import settings
from ingest_stage import Loader
from operator_stage import Operator

from kyros_api.app import create_app
from kyros_api.metadata.engine import open_engine
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


@pytest.fixture(scope="session")
def every_database(
    database_kind: str,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[Databases]:
    """Return what makes databases of the kind that the tests run on."""

    def seeded_when_asked() -> Path:
        folder: Path = request.getfixturevalue("seeded")
        return folder

    made: Databases = (
        SqliteDatabases(seeded_when_asked, tmp_path_factory.mktemp("migrated"))
        if database_kind == "sqlite"
        else PostgresDatabases(request.getfixturevalue("postgres_server"), seeded_when_asked)
    )
    yield made
    made.close()


@pytest.fixture
def databases(every_database: Databases) -> Iterator[Databases]:
    """Return what makes databases that are gone after the test."""
    with every_database.for_a_while() as making:
        yield making


@pytest.fixture
def make_stage(
    databases: Databases, seeded: Path, tmp_path: Path
) -> Iterator[Callable[..., Stage]]:
    """Start an API on a fresh copy of the metadata, with settings changed at will."""
    clients: list[TestClient] = []

    def make(**changes: object) -> Stage:
        given = changes.keys() & {"database_path", "database_url"}
        database = databases.empty if given else databases.seeded
        own = database(tmp_path / "metadata.db")
        values = {
            "kyros_env": "development",
            "auth_mode": "demo",
            "jwt_secret_key": SECRET,
            "data_dir": seeded,
            **({} if given else own.settings),
            **changes,
        }
        app = create_app(ApiSettings.model_validate(values))
        client = TestClient(app, raise_server_exceptions=False)
        client.__enter__()
        clients.append(client)
        return Stage(client, own, seeded)

    yield make
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def stage(make_stage: Callable[..., Stage]) -> Stage:
    """Start an API in demo mode on a fresh copy of the metadata."""
    return make_stage()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stop the clock by which failed sign-ins are counted."""
    stopped = Clock()
    monkeypatch.setattr("kyros_api.auth.throttle._now", lambda: stopped.now)
    return stopped


@pytest.fixture
def operator(
    databases: Databases, seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Operator:
    """Give an operator copies of metadata and data, which a test may change."""
    data_dir = tmp_path / "own"
    shutil.copytree(seeded / "tenants", data_dir / "tenants")
    database = databases.seeded(data_dir / "tenant_metadata.db")
    return Operator(database, data_dir, monkeypatch)


@pytest.fixture
def loader(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Loader:
    """Give somebody who ingests copies of metadata and data, which a test may change."""
    return Loader(operator.database, operator.data_dir, monkeypatch)


@pytest.fixture
def own_stage(operator: Operator, make_stage: Callable[..., Stage]) -> Stage:
    """Start an API in demo mode on what the operator administers."""
    changed = {**operator.database.settings, "data_dir": operator.data_dir}
    return make_stage(**changed)._replace(database=operator.database, data_dir=operator.data_dir)


@pytest.fixture
def database(databases: Databases, tmp_path: Path) -> Database:
    """Return a database with the tables and nothing in them, ``metadata.db`` if it is a file."""
    return databases.migrated(tmp_path / "metadata.db")


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    """Open it."""
    engine = open_engine(database.location)
    yield engine
    engine.dispose()


@pytest.fixture
def zipped(operator: Operator, tmp_path: Path) -> Path:
    """Back up the demo."""
    file = tmp_path / "backup.zip"
    done = operator.call("backup", str(file))
    assert (0, "") == (done.code, done.err)
    assert f"Backed up to {file}, and read back: " in done.out
    return file
