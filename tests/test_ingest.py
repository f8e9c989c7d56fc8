"""Ingesting is all or nothing: a kill in the middle leaves the old data or the new, whole."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from scripts.support.project import DATA

KYROS_API = [str(Path(sys.executable).with_name("kyros-api"))]
INGEST = [*KYROS_API, "ingest", "--tenant", "acme-corp", "--dashboard", "customer-lifetime-value"]


def environment(data: Path) -> dict[str, str]:
    """Point the command at the folder."""
    return os.environ | {
        "DATA_DIR": str(data),
        "DATABASE_PATH": str(data / "tenant_metadata.db"),
        "KYROS_ENV": "development",
    }


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with the demo, and a file of somebody's own beside it."""
    shutil.copytree(DATA / "source", tmp_path / "source")
    subprocess.run(
        [*KYROS_API, "seed", "--no-passwords"],
        check=True,
        capture_output=True,
        env=environment(tmp_path),
    )
    lines = ["customer_id,date,quantity,spend"]
    for number in range(60_000):
        day, month = 1 + number * 7 % 28, 1 + number * 5 % 12
        lines.append(f"K{number * number % 9001},2025-{month:02d}-{day:02d},1,{number % 50}.5")
    (tmp_path / "own.csv").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def ingest(data: Path) -> subprocess.Popen[bytes]:
    """Start ingesting."""
    return subprocess.Popen(
        [*INGEST, str(data / "own.csv")],
        env=environment(data),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def in_place(data: Path) -> str:
    """Return which version is in place, after making sure that all of it is there."""
    done = subprocess.run(
        [*KYROS_API, "status", "--json"], check=False, capture_output=True, env=environment(data)
    )
    status = json.loads(done.stdout)
    assert ([], False) == (status["stale"], status["outdated"])
    with closing(sqlite3.connect(data / "tenant_metadata.db")) as connection:
        ((version, slug, tenant),) = connection.execute(
            "SELECT data_version, slug, tenant_id FROM tenant_dashboards"
            " JOIN dashboards ON dashboards.id = dashboard_id WHERE slug LIKE 'customer%'"
        ).fetchall()
        assert [("ok",)] == connection.execute("PRAGMA integrity_check").fetchall()
    assert (data / "tenants" / tenant / slug / version / "customers.parquet").exists()
    return str(version)


def test_a_kill_leaves_the_old_data_or_the_new(data: Path) -> None:
    """Killed at any moment; and the next run goes well and removes what was left."""
    old = in_place(data)
    began = time.monotonic()
    assert ingest(data).wait() == 0
    whole = time.monotonic() - began
    new = in_place(data)
    assert old != new
    for part in (0.5, 0.8, 0.9, 0.97):
        before = in_place(data)
        running = ingest(data)
        time.sleep(whole * part)
        running.send_signal(signal.SIGKILL)
        running.wait()
        after = in_place(data)
        assert after == before or after.startswith("own-")
    assert ingest(data).wait() == 0
    folder = next(data.glob("tenants/*/customer-lifetime-value"))
    assert len(list(folder.iterdir())) == 2
