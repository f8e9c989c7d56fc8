"""Run the platform: choose an engine, check the machine, start, print the URL to open."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from scripts.support import (
    checks,
    database_checks,
    docker,
    docker_engine,
    local,
    local_engine,
    production,
    settings,
)
from scripts.support.project import Engine, expected, open_url
from scripts.support.terminal import Arguments, Problem, console, run

if TYPE_CHECKING:
    from collections.abc import Mapping


def main() -> int:
    """Start everything; in the foreground until Ctrl-C, or detached."""
    arguments = _arguments()
    began = time.monotonic()
    if arguments.prod:
        return production.up(detach=arguments.detach, began=began)
    engine = choose_engine(arguments.engine)
    if not settings.ENV_FILE.exists():
        settings.generate()
        console.print("Made .env from .env.example, with random secrets")
    values = settings.read()
    if engine is Engine.LOCAL and local.is_running():
        console.print(f"Kyros runs already: [bold]{open_url(values)}[/] (nox -s logs, nox -s down)")
        return 0
    _refuse_if_stopped(values, engine)
    if "DATABASE_URL" not in values and not checks.tenants():
        console.print("Nothing is seeded yet: the demo data will be loaded first")
    # Up to here nothing was started.
    if engine is Engine.DOCKER:
        docker_engine.build()
        return docker_engine.up(
            docker_engine.Start(open_url(values), began, expected(values)),
            detach=arguments.detach,
        )
    return local_engine.up(values, detach=arguments.detach, began=began)


def _arguments() -> ArgumentsFound:
    parser = Arguments("up", "Run the platform and print the URL to open.")
    parser.add_argument(
        "--detach", action="store_true", help="return once every service is healthy"
    )
    parser.add_argument(
        "--engine",
        choices=[engine.value for engine in Engine],
        help="docker, or local processes; without it Docker where it runs, else local",
    )
    parser.add_argument(
        "--prod", action="store_true", help="production, in Docker: docs/operations.md"
    )
    found = parser.parse_args(namespace=ArgumentsFound())
    if found.prod and found.engine == Engine.LOCAL:
        parser.error("--prod runs in Docker only: leave --engine local out")
    return found


class ArgumentsFound:
    """What the command line said."""

    detach: bool
    engine: str | None
    prod: bool


def choose_engine(asked: str | None) -> Engine:
    """Take the engine that was asked for, else Docker where it can be used; say which in a line.

    Raises:
        Problem: Docker was asked for and cannot be used.
    """
    if asked == Engine.LOCAL:
        console.print("Engine: local processes, as asked")
        return Engine.LOCAL
    found = docker.inspect()
    if found.usable:
        console.print(f"Engine: {found.reason}")
        return Engine.DOCKER
    if asked == Engine.DOCKER:
        raise Problem(found.sentence())
    console.print(f"Engine: local processes ({found.reason})")
    return Engine.LOCAL


def _refuse_if_stopped(values: Mapping[str, str], engine: Engine) -> None:
    in_docker = engine is Engine.DOCKER
    stoppers = [
        *checks.stoppers(values),
        *checks.wrong(database_checks.everywhere(values, docker_runs_it=in_docker)),
    ]
    if stoppers:
        raise Problem("\n".join(finding.sentence() for finding in stoppers))


if __name__ == "__main__":
    run(main)
