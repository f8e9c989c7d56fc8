"""The platform in Docker: build, start, follow, stop."""

from __future__ import annotations

import subprocess
import time
from collections import deque
from typing import TYPE_CHECKING

from rich.markup import escape

from scripts.support import docker
from scripts.support.project import JOBS, ROOT, SERVICES, open_url
from scripts.support.terminal import INTERRUPTED, Problem, console
from scripts.support.waiting import announce_when_healthy, end, wait_for_signal

if TYPE_CHECKING:
    from collections.abc import Mapping

_TAIL = 15  # lines of output that explain a failure
_PATIENCE = 300  # seconds for all services to become healthy


def build(*services: str) -> None:
    """Build the images, showing the step that runs.

    Raises:
        Problem: a build failed; the end of its output is on the terminal.
    """
    tail: deque[str] = deque(maxlen=40)
    command = docker.compose_command("--progress", "plain", "build", *services)
    with (
        console.status("Building images") as status,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=docker.compose_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as builder,
    ):
        for line in builder.stdout or ():
            tail.append(line)
            status.update(f"Building images [dim]{escape(line.strip()[:70])}[/]")
    if builder.returncode:
        console.print("".join(tail), markup=False)
        raise Problem("An image could not be built, see above; nothing was started.")


def up(values: Mapping[str, str], *, detach: bool, began: float) -> int:
    """Build and start the services; returns the exit code."""
    build()
    return _detached(values, began) if detach else _foreground(values, began)


def _detached(values: Mapping[str, str], began: float) -> int:
    with console.status("Starting the services, api first"):
        done = docker.compose(
            "up", "--detach", "--wait", f"--wait-timeout={_PATIENCE}", "--no-build", capture=True
        )
    if done.returncode:
        _explain(done.stderr)
    console.print(
        f"All {len(SERVICES)} services are healthy after {time.monotonic() - began:.1f} s, "
        f"open [bold]{open_url(values)}[/]"
    )
    console.print("Logs: nox -s logs   Check: nox -s smoke   Stop: nox -s down")
    return 0


def _explain(output: str) -> None:
    """Show why the services did not come up, and stop what did.

    Raises:
        Problem: always.
    """
    services = {found.service: found.status for found in docker.containers() if found.ours}
    broken = [
        service.name for service in SERVICES if "(healthy)" not in services.get(service.name, "")
    ]
    if docker.exit_code(JOBS):
        broken = [JOBS]
    logs = docker.compose("logs", "--no-color", f"--tail={_TAIL}", *broken[:1], capture=True).stdout
    console.print(logs or output, markup=False, end="")
    docker.compose("stop", capture=True)
    name = broken[0] if broken else "A service"
    became = "did not end well" if name == JOBS else "did not become healthy"
    raise Problem(f"{name} {became}, its last lines are above; mend that and repeat.")


def _foreground(values: Mapping[str, str], began: float) -> int:
    """Show the logs until Ctrl-C, then stop everything."""
    # A session of its own, so that Ctrl-C reaches this program alone and the stop is in order.
    compose = subprocess.Popen(
        docker.compose_command("up", "--no-build"),
        cwd=ROOT,
        env=docker.compose_environment(),
        start_new_session=True,
    )
    announce_when_healthy(values, compose, began)
    if not wait_for_signal(compose):
        docker.compose("stop", capture=True)
        raise Problem("Compose ended by itself, see above; the services were stopped.")
    console.print("\nStopping the services", style="bold")
    docker.compose("stop", capture=True)
    end(compose)
    console.print("Stopped; what they stored stays in data/")
    return INTERRUPTED
