"""What a developer's copy makes for itself before the API starts."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from api_stage import SOURCES

from kyros_api.metadata import HEAD
from kyros_api.metadata.location import SqliteFile
from kyros_api.seeding.status import Status, read_status

if TYPE_CHECKING:
    from pathlib import Path


def prepare(folder: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run it on a data folder, as a container does."""
    env = {
        "PATH": os.environ["PATH"],
        "KYROS_ENV": "development",
        "DATA_DIR": str(folder),
        "DATABASE_PATH": str(folder / "tenant_metadata.db"),
        "JWT_SECRET_KEY_FILE": str(folder / "secrets" / "jwt"),
        **changes,
    }
    command = [sys.executable, "-X", "importtime", "-m", "kyros_api.prepare"]
    return subprocess.run(command, env=env, capture_output=True, check=False, text=True)  # noqa: S603 - ours


def status(folder: Path) -> Status:
    """Say what is there."""
    return read_status(SqliteFile(folder / "tenant_metadata.db"), folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a data folder with the sources and nothing else."""
    shutil.copytree(SOURCES, tmp_path / "source")
    return tmp_path


def test_first_and_second_start(folder: Path) -> None:
    """The first start makes a secret and seeds, without passwords, for its output is a log.

    The second does nothing, and imports nothing.
    """
    first = prepare(folder)
    assert 0 == first.returncode, first.stderr
    assert "Made a random secret" in first.stdout
    assert "Nothing is seeded yet" in first.stdout
    assert (True, True, 2, False, (), HEAD) == status(folder)
    assert "assword" not in first.stdout
    with sqlite3.connect(folder / "tenant_metadata.db") as connection:
        assert [(None,)] == connection.execute(
            "SELECT DISTINCT password_hash FROM users"
        ).fetchall()
    connection.close()
    second = prepare(folder)
    assert (0, "") == (second.returncode, second.stdout)
    assert "sqlalchemy" not in second.stderr


def test_refusal_is_one_sentence(folder: Path) -> None:
    """When seeding is refused, the start ends with a sentence and without a traceback."""
    (folder / "source" / "german_credit.csv").write_text("nothing")
    refused = prepare(folder)
    assert 1 == refused.returncode
    assert "restore it with: git checkout" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_not_in_production(folder: Path) -> None:
    """Production makes no secrets and loads no demo."""
    refused = prepare(folder, KYROS_ENV="production")
    assert 1 == refused.returncode
    assert "KYROS_ENV=development" in refused.stderr
    assert not (folder / "secrets").exists()


def test_data_of_an_older_version(folder: Path) -> None:
    """Demo data that lacks a table of this version is made anew; data that has all stays."""
    prepare(folder)
    next(folder.glob("tenants/*/*/*/cohort_months.parquet")).unlink()
    assert status(folder).outdated
    again = prepare(folder)
    assert (0, True) == (again.returncode, "older version" in again.stdout), again.stderr
    assert not status(folder).outdated
