"""Seeding is all or nothing: a kill in the middle leaves what was there."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from scripts.support.project import DATA

TENANTS = 2
KYROS_API = [str(Path(sys.executable).with_name("kyros-api"))]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with the sources and nothing else."""
    shutil.copytree(DATA / "source", tmp_path / "data" / "source")
    return tmp_path / "data"


def environment(data: Path) -> dict[str, str]:
    """Point the command at the folder."""
    return os.environ | {
        "DATA_DIR": str(data),
        "DATABASE_PATH": str(data / "tenant_metadata.db"),
        "KYROS_ENV": "development",
    }


def status(data: Path) -> dict[str, Any]:
    """Return what the api's command says of the folder."""
    done = subprocess.run(
        [*KYROS_API, "status", "--json"], check=False, capture_output=True, env=environment(data)
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def seed(data: Path) -> subprocess.Popen[bytes]:
    """Start seeding."""
    return subprocess.Popen(
        [*KYROS_API, "seed"],
        env=environment(data),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def contents(data: Path) -> set[str]:
    """Return the files that readers would find: none of those being written."""
    return {
        str(path.relative_to(data))
        for path in data.rglob("*.parquet")
        if not any(part.startswith(".") for part in path.relative_to(data).parts)
    }


def test_a_kill_leaves_nothing_or_everything(data: Path) -> None:
    """Killed at any moment, a first seeding is not there or complete, and can be repeated."""
    began = time.monotonic()
    assert seed(data).wait() == 0
    whole = time.monotonic() - began
    complete = contents(data)
    assert complete
    for part in range(1, 8, 2):
        shutil.rmtree(data / "tenants", ignore_errors=True)
        for file in data.glob("tenant_metadata.db*"):
            file.unlink()
        running = seed(data)
        time.sleep(whole * part / 8)
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert status(data)["tenants"] in {0, TENANTS}
        if status(data)["tenants"]:
            assert complete <= contents(data)
    assert seed(data).wait() == 0
    assert status(data)["tenants"] == TENANTS
    assert complete <= contents(data)


def test_a_kill_keeps_what_was_there(data: Path) -> None:
    """Killed at any moment, a second seeding leaves the first one as it was."""
    began = time.monotonic()
    assert seed(data).wait() == 0
    whole = time.monotonic() - began
    before = contents(data)
    for part in range(1, 8, 2):
        running = seed(data)
        time.sleep(whole * part / 8)
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert status(data)["tenants"] == TENANTS
        assert before <= contents(data)
