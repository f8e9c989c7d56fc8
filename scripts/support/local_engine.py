"""The platform as local processes: install, start, follow."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from scripts.support import local
from scripts.support.project import SERVICES, open_url
from scripts.support.terminal import INTERRUPTED, Problem, console
from scripts.support.waiting import (
    announce_when_healthy,
    end,
    wait_for_signal,
    wait_until_healthy,
)

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping

_PATIENCE = 300  # seconds for all services to become healthy
_TAIL = 20  # lines of the log that explain a failure


def up(values: Mapping[str, str], *, detach: bool, began: float) -> int:
    """Install what is needed and start the services; returns the exit code."""
    with console.status("Installing what the services need"):
        env = local.prepare()
    supervisor = local.start(env, detach=detach)
    return (_detached if detach else _foreground)(values, supervisor, began)


def _detached(values: Mapping[str, str], supervisor: subprocess.Popen[bytes], began: float) -> int:
    deadline = time.monotonic() + _PATIENCE

    def give_up() -> bool:
        return supervisor.poll() is not None or time.monotonic() > deadline

    with console.status("Starting the services, api first"):
        healthy = wait_until_healthy(values, give_up)
    if not healthy:
        local.stop()
        lines = local.LOG.read_text(encoding="utf-8", errors="replace").splitlines()
        console.print("\n".join(lines[-_TAIL:]), markup=False)
        raise Problem("The services did not become healthy, see above; mend that and repeat.")
    console.print(
        f"All {len(SERVICES)} services are healthy after {time.monotonic() - began:.1f} s, "
        f"open [bold]{open_url(values)}[/]"
    )
    console.print("Logs: nox -s logs   Check: nox -s smoke   Stop: nox -s down")
    return 0


def _foreground(
    values: Mapping[str, str], supervisor: subprocess.Popen[bytes], began: float
) -> int:
    announce_when_healthy(values, supervisor, began)
    interrupted = wait_for_signal(supervisor)
    if interrupted:
        console.print("\nStopping the services", style="bold")
    local.stop()
    end(supervisor)
    if not interrupted:
        raise Problem("The supervisor ended by itself, see above; the services were stopped.")
    console.print("Stopped; what they stored stays in data/")
    return INTERRUPTED
