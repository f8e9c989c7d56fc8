"""uvicorn for development, whose reload does not import every library anew.

``python -m kyros_dev_server kyros_api.main:app --reload ...`` takes uvicorn's own arguments.
uvicorn's reload starts a fresh interpreter after each edit, and importing FastAPI with SQLAlchemy
or Dash takes that two to three seconds. Here it is forked from a process that has the libraries
already, and none of our own code: what an edit may change is always imported anew.

Development mounts this package beside the services' sources; no image holds it.
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

_EVERY_SERVICE = (
    "fastapi",
    "jwt",
    "pydantic_settings",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.auto",
)
# By what the name of the application begins with.
PRELOADED = {
    "kyros_api": (*_EVERY_SERVICE, "duckdb", "sqlalchemy.dialects.sqlite"),
    "kyros_dash_app": (
        *_EVERY_SERVICE,
        "dash",
        "dash.backends._fastapi",
        "httpx2",
        "plotly.offline",
        "starlette.middleware.gzip",
    ),
}


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


def preloaded(arguments: list[str]) -> list[str]:
    """Return what to import ahead for the application that uvicorn's arguments name."""
    return [
        module
        for prefix, modules in PRELOADED.items()
        if any(argument.startswith(prefix) for argument in arguments)
        for module in modules
    ]


def main() -> None:
    """Run uvicorn with the process's arguments."""
    if "forkserver" in multiprocessing.get_all_start_methods():  # everywhere but on Windows
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(preloaded(sys.argv[1:]))
        vars(uvicorn._subprocess)["spawn"] = context  # noqa: SLF001
        vars(sys.modules["uvicorn.main"])["ChangeReload"] = SelfHealingReload
    uvicorn.main()
