"""uvicorn whose reload is quick."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from kyros_dev_server import PRELOADED, SelfHealingReload, preloaded

APPS = Path(__file__).parents[3] / "apps"

# In a process of its own: it changes uvicorn for good.
_TELL = """
import json, sys
import uvicorn, uvicorn._subprocess
import kyros_dev_server
uvicorn.main = lambda: print(json.dumps([
    uvicorn._subprocess.spawn.get_start_method(),
    sys.modules["uvicorn.main"].ChangeReload.__name__,
    [name for name in ("dash", "fastapi") if name in sys.modules],
]))
kyros_dev_server.main()
"""


@pytest.mark.parametrize("name", sorted({*sum(PRELOADED.values(), ())}))
def test_preloaded(name: str) -> None:
    """What is imported ahead exists (the fork server passes over what does not), and is not ours.

    An edit of our own code would not be seen if it were imported ahead.
    """
    assert importlib.util.find_spec(name) is not None
    assert not name.startswith("kyros")


@pytest.mark.parametrize(
    "app", sorted({*(path.parent.name for path in APPS.glob("*/pyproject.toml")), "shell-ui"})
)
def test_every_service_is_known(app: str) -> None:
    """Each Python service has libraries that are imported ahead for it, and only its own."""
    found = preloaded([f"kyros_{app.replace('-', '_')}.main:app", "--reload"])
    assert app == "shell-ui" or "fastapi" in found
    assert ("dash" in found) == app.startswith("dash-")


def test_main() -> None:
    """Uvicorn forks instead of starting an interpreter; this process itself loads no library."""
    command = [sys.executable, "-c", _TELL]
    told = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - ours

    assert ["forkserver", "SelfHealingReload", []] == json.loads(told.stdout)


@pytest.mark.parametrize(("code", "restarts"), [(None, 0), (0, 0), (1, 0), (-9, 1)])
def test_killed(monkeypatch: pytest.MonkeyPatch, code: int | None, restarts: int) -> None:
    """A server that was killed is started again; one that failed waits for an edit."""

    class Process:
        exitcode = code

    started: list[bool] = []
    reload = object.__new__(SelfHealingReload)
    monkeypatch.setattr("uvicorn.supervisors.statreload.StatReload.should_restart", lambda _: None)
    monkeypatch.setattr(reload, "process", Process(), raising=False)
    monkeypatch.setattr(reload, "restart", lambda: started.append(True))

    assert reload.should_restart() is None
    assert restarts == len(started)
