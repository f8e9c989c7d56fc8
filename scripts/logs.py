"""Follow the logs of the running platform."""

from __future__ import annotations

import subprocess

from scripts.support import docker, local, production, settings
from scripts.support.project import API, JOBS, POSTGRES, ROOT, WATCHERS, names
from scripts.support.terminal import Arguments, Problem, run


def main() -> int:
    """Print the logs as they come, until Ctrl-C."""
    parser = Arguments("logs", "Follow the logs of the running platform.")
    services = [*names(production=True), JOBS, POSTGRES, *WATCHERS]
    parser.add_argument("service", nargs="?", choices=services, help="only this one")
    parser.add_argument(
        "--prod", action="store_true", help="production, which is also found where it runs alone"
    )
    arguments = parser.parse_args()
    service = arguments.service
    in_production = production.is_meant(asked=arguments.prod)
    if not in_production and local.is_running():
        if not local.is_detached():
            raise Problem(
                "The platform runs in the foreground of another terminal; its logs are there."
            )
        local.follow_log(API.name if service == JOBS else service)  # there it is the api's
        return 0
    settings.read()
    if not docker.running_services(production=in_production):
        raise Problem("Nothing is running; start it with nox -s up.")
    only = [service] if service else []
    command = docker.compose_command(
        "logs", "--follow", "--tail=200", *only, production=in_production
    )
    env = docker.compose_environment(production=in_production)
    return subprocess.run(command, check=False, cwd=ROOT, env=env).returncode


if __name__ == "__main__":
    run(main)
