"""uvicorn whose reload is quick."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys

import pytest
from kyros_dash_develop import PRELOADED, SelfHealingReload

# In a process of its own: it changes uvicorn for good.
_TELL = """
import json, sys
import uvicorn, uvicorn._subprocess
import kyros_dash_develop
uvicorn.main = lambda: print(json.dumps([
    uvicorn._subprocess.spawn.get_start_method(),
    sys.modules["uvicorn.main"].ChangeReload.__name__,
    [name for name in ("dash", "kyros_dash_kit") if name in sys.modules],
]))
kyros_dash_develop.main()
"""


@pytest.mark.parametrize("name", PRELOADED)
def test_preloaded(name: str) -> None:
    """What is imported ahead exists (the fork server passes over what does not), and is not ours.

    An edit of our own code would not be seen if it were imported ahead.
    """
    assert importlib.util.find_spec(name) is not None
    assert not name.startswith("kyros")


def test_main() -> None:
    """Uvicorn forks where it would start an interpreter; this process itself stays without Dash."""
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
