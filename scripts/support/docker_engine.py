"""The platform in Docker: build, start, follow, stop."""

from __future__ import annotations

import subprocess
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.markup import escape

from scripts.support import docker
from scripts.support.project import JOBS, POSTGRES, ROOT
from scripts.support.terminal import INTERRUPTED, Problem, console
from scripts.support.waiting import announce, end, wait_for_signal

if TYPE_CHECKING:
    from collections.abc import Callable

    # Runs Compose without showing what it says.
    Compose = Callable[..., subprocess.CompletedProcess[str]]

_TAIL = 15  # lines of output that explain a failure
_PATIENCE = 300  # seconds for all services to become healthy


def build(*services: str, production: bool = False) -> None:
    """Build the images, showing the step that runs.

    Raises:
        Problem: a build failed; the end of its output is on the terminal.
    """
    tail: deque[str] = deque(maxlen=40)
    command = docker.compose_command(
        "--progress", "plain", "build", *services, production=production
    )
    with (
        console.status("Building images") as status,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=docker.compose_environment(production=production),
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


@dataclass(frozen=True)
class Start:
    """What is started.

    Attributes:
        url: to open in a browser.
        began: when the command did.
        services: that have to become healthy, in the order they start.
        production: whether it is that, and not development.
    """

    url: str
    began: float
    services: tuple[str, ...]
    production: bool = False

    def compose(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Compose without showing what it says."""
        return docker.compose(*arguments, capture=True, production=self.production)

    def missing(self) -> list[str]:
        """Return the services that are not healthy, in each of their containers."""
        healthy: dict[str, bool] = {}
        for found in docker.containers():
            if found.ours and found.production is self.production:
                one = "(healthy)" in found.status
                healthy[found.service] = one and healthy.get(found.service, True)
        return [name for name in self.services if not healthy.get(name)]


def up(start: Start, *, detach: bool) -> int:
    """Start the services, whose images are there; returns the exit code."""
    return _detached(start) if detach else _foreground(start)


def _detached(start: Start) -> int:
    with console.status("Starting the services, api first"):
        done = up_and_wait(start.compose)
    if done.returncode:
        _explain(start, done.stderr)
    console.print(
        f"All {len(start.services)} services are healthy after "
        f"{time.monotonic() - start.began:.1f} s, open [bold]{start.url}[/]"
    )
    console.print("Logs: nox -s logs   Check: nox -s smoke   Stop: nox -s down")
    return 0


def up_and_wait(compose: Compose, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Start services from images that are there, and wait until they are healthy."""
    return compose(
        "up", "--detach", "--no-build", "--wait", f"--wait-timeout={_PATIENCE}", *arguments
    )


def show_last_lines(compose: Compose, *services: str, otherwise: str) -> None:
    """Print how the logs of services end; something else where there are none."""
    logs = compose("logs", "--no-color", f"--tail={_TAIL}", *services).stdout
    console.print(logs or otherwise, markup=False, end="")


def _explain(start: Start, output: str) -> None:
    """Show why the services did not come up, and stop what did.

    Raises:
        Problem: always.
    """
    broken = start.missing()
    # Compose goes on to jobs without the server that it may do without.
    if POSTGRES not in broken and docker.exit_code(JOBS, production=start.production):
        broken = [JOBS]
    show_last_lines(start.compose, *broken[:1], otherwise=output)
    start.compose("stop")
    name = broken[0] if broken else "A service"
    became = "did not end well" if name == JOBS else "did not become healthy"
    raise Problem(f"{name} {became}, its last lines are above; mend that and repeat.")


def _foreground(start: Start) -> int:
    """Show the logs until Ctrl-C, then stop everything."""
    # A session of its own, so that Ctrl-C reaches this program alone and the stop is in order.
    compose = subprocess.Popen(
        docker.compose_command("up", "--no-build", production=start.production),
        cwd=ROOT,
        env=docker.compose_environment(production=start.production),
        start_new_session=True,
    )
    announce(start.url, start.began, compose, lambda: not start.missing())
    if not wait_for_signal(compose):
        start.compose("stop")
        raise Problem("Compose ended by itself, see above; the services were stopped.")
    console.print("\nStopping the services", style="bold")
    start.compose("stop")
    end(compose)
    place = "the volume data" if start.production else "data/"
    console.print(f"Stopped; what they stored stays in {place}")
    return INTERRUPTED
