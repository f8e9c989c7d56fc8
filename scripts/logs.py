"""Follow the logs of the running platform."""

from __future__ import annotations

import subprocess

from scripts.support import docker, local, settings
from scripts.support.project import API, JOBS, ROOT, SERVICES
from scripts.support.terminal import Arguments, Problem, run


def main() -> int:
    """Print the logs as they come, until Ctrl-C."""
    parser = Arguments("logs", "Follow the logs of the running platform.")
    names = [*(service.name for service in SERVICES), JOBS]
    parser.add_argument("service", nargs="?", choices=names, help="only this one")
    service = parser.parse_args().service
    if local.is_running():
        if not local.is_detached():
            raise Problem(
                "The platform runs in the foreground of another terminal; its logs are there."
            )
        local.follow_log(API.name if service == JOBS else service)  # there it is the api's
        return 0
    settings.read()
    if not docker.running_services():
        raise Problem("Nothing is running; start it with nox -s up.")
    command = docker.compose_command(
        "logs", "--follow", "--tail=200", *([service] if service else [])
    )
    return subprocess.run(
        command, check=False, cwd=ROOT, env=docker.compose_environment()
    ).returncode


if __name__ == "__main__":
    run(main)
