"""The shell's settings are checked when it starts: it says what is wrong and ends."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from benchmarks.production import Platform
from scripts.support.project import SHELL

if TYPE_CHECKING:
    from pathlib import Path

    from tests.shell.conftest import Platforms

pytestmark = pytest.mark.stack


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("API_URL", "", "API_URL is missing; set it to the API's address"),
        ("API_URL", "api:8000", 'API_URL is not an http address: "api:8000"'),
        ("DASHBOARD_URLS", "", "DASHBOARD_URLS is missing; list the dashboards"),
        ("SESSION_SECRET_KEY", "", "SESSION_SECRET_KEY is missing; set it to 32"),
        ("SESSION_SECRET_KEY", "hunter2hunter2", "SESSION_SECRET_KEY has only 14 characters"),
    ],
)
def test_a_wrong_setting_stops_the_start(
    platforms: Platforms, tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    """One sentence names the variable; there is no trace, no secret, and no server."""
    platform = Platform(tmp_path, platforms.build, {name: value})
    done = subprocess.run(
        ["node", "server.js"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=platforms.build,
        env=platform.env(SHELL),
    )
    assert done.returncode == 1
    assert f"shell-ui cannot start: {sentence}" in done.stderr
    assert "    at " not in done.stdout + done.stderr
    assert "hunter2" not in done.stdout + done.stderr
