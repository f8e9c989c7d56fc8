"""Alive, and able to work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kyros_api.metadata import HEAD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from api_stage import Stage

pytestmark = pytest.mark.databases


@pytest.mark.sqlite
def test_health_touches_nothing(make_stage: Callable[..., Stage], tmp_path: Path) -> None:
    """The process is alive even when there is no database, and makes none by saying so."""
    missing = tmp_path / "nowhere" / "metadata.db"
    answer = make_stage(database_path=missing).client.get("/health")
    assert (200, "ok") == (answer.status_code, answer.json()["status"])
    assert not missing.exists()


class TestDatabase:
    """GET /health/db."""

    def test_ok(self, stage: Stage) -> None:
        """A seeded database is reachable, migrated, and holds both tenants."""
        body = stage.client.get("/health/db").json()
        assert ("ok", HEAD, 2) == (body["status"], body["revision"], body["tenants"])

    @pytest.mark.sqlite
    def test_no_file(self, make_stage: Callable[..., Stage], tmp_path: Path) -> None:
        """A database that is not there is 503, and asking does not make an empty one."""
        missing = tmp_path / "missing.db"
        assert 503 == make_stage(database_path=missing).client.get("/health/db").status_code
        assert not missing.exists()

    @pytest.mark.sqlite
    def test_no_folder(self, make_stage: Callable[..., Stage], tmp_path: Path) -> None:
        """A database that cannot be opened is 503, with what to check."""
        answer = make_stage(database_path=tmp_path / "nowhere" / "x.db").client.get("/health/db")
        assert (503, "DATABASE_UNAVAILABLE") == (answer.status_code, answer.json()["error"]["code"])
        assert "DATABASE_PATH" in answer.json()["error"]["message"]

    @pytest.mark.sqlite
    def test_not_migrated(self, make_stage: Callable[..., Stage], tmp_path: Path) -> None:
        """An empty database is 503, with the command that mends it."""
        empty = tmp_path / "empty.db"
        empty.touch()
        answer = make_stage(database_path=empty).client.get("/health/db")
        error = answer.json()["error"]
        assert (503, "DATABASE_NOT_MIGRATED") == (answer.status_code, error["code"])
        assert "nox -s seed" in error["message"]

    @pytest.mark.sqlite
    def test_garbage(self, make_stage: Callable[..., Stage], tmp_path: Path) -> None:
        """A file that is no database is 503 and stays as it is."""
        garbage = tmp_path / "garbage.db"
        garbage.write_text("this is not a database, and long enough to be looked at" * 20)
        answer = make_stage(database_path=garbage).client.get("/health/db")
        assert (503, "DATABASE_UNAVAILABLE") == (answer.status_code, answer.json()["error"]["code"])
        assert garbage.read_text().startswith("this is not")
