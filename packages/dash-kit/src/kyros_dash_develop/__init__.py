"""uvicorn for development, whose reload does not import Dash anew.

``python -m kyros_dash_develop kyros_dash_app_clv.main:app --reload ...`` takes uvicorn's own
arguments. uvicorn's reload starts a fresh interpreter after each edit, and importing Dash,
FastAPI and plotly takes that two to three seconds. Here it is forked from a process that has
them already, and none of our own code: what an edit may change is always imported anew.

A package of its own, since importing kyros_dash_kit would import Dash here as well.
"""

from __future__ import annotations

import multiprocessing
import sys
from typing import TYPE_CHECKING

import uvicorn
import uvicorn._subprocess
from uvicorn.supervisors.statreload import StatReload

if TYPE_CHECKING:
    from pathlib import Path

PRELOADED = (
    "dash",
    "dash.backends._fastapi",
    "httpx",
    "jwt",
    "plotly.offline",
    "pydantic_settings",
    "starlette.middleware.gzip",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.auto",
)


class SelfHealingReload(StatReload):
    """Starts the server again after an edit, and also when something killed it.

    uvicorn's own waits for an edit, while its socket takes requests that nobody answers. A server
    that ended by itself (a syntax error) does wait for the edit that mends it.
    """

    def should_restart(self) -> list[Path] | None:
        """Return the files that changed; start a killed server again in passing."""
        changes = super().should_restart()
        code = self.process.exitcode
        if not changes and code is not None and code < 0:
            self.restart()
        return changes


def main() -> None:
    """Run uvicorn with the process's arguments."""
    if "forkserver" in multiprocessing.get_all_start_methods():  # everywhere but on Windows
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(PRELOADED))
        vars(uvicorn._subprocess)["spawn"] = context  # noqa: SLF001
        vars(sys.modules["uvicorn.main"])["ChangeReload"] = SelfHealingReload
    uvicorn.main()
