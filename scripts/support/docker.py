"""The Docker engine and Compose of this machine: what they can do, and how they are called."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scripts.support import release
from scripts.support.project import POSTGRES, ROOT, names
from scripts.support.terminal import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

OLDEST_COMPOSE = (2, 24)  # start_interval in health checks, !override in files
OLDEST_ENGINE = (25, 0)  # start_interval
PRODUCTION_FILES = ("docker-compose.yml", "docker-compose.prod.yml")
_PATIENCE = 20  # seconds for an answer from the engine
_OWN_ADDRESSES = {"127.0.0.1", "[::1]"}


@dataclass(frozen=True)
class DockerState:
    """Whether Compose can run here; when not, why and what to do."""

    usable: bool
    reason: str
    remedy: str = ""
    installed: bool = True

    def sentence(self) -> str:
        """Return reason and remedy as one sentence."""
        return f"{self.reason}; {self.remedy}." if self.remedy else f"{self.reason}."


def inspect() -> DockerState:
    """Find out whether Docker is installed, running, and new enough."""
    if shutil.which("docker") is None:
        return DockerState(
            usable=False,
            reason="Docker is not installed",
            remedy="install it (docs.docker.com/get-docker), or run without it: -- --engine local",
            installed=False,
        )
    engine = _engine_version()
    if isinstance(engine, DockerState):
        return engine
    compose = compose_version()
    return _too_old(engine, compose) or DockerState(
        usable=True, reason=f"Docker {engine}, Compose {compose}"
    )


def _engine_version() -> str | DockerState:
    """Return the engine's version, or why it gives none."""
    try:
        answer = ask("version", "--format", "{{.Server.Version}}")
    except subprocess.TimeoutExpired:
        return _unusable(
            f"The Docker engine did not answer within {_PATIENCE} seconds", "restart it"
        )
    if answer.returncode == 0:
        return answer.stdout.strip()
    if "permission denied" in answer.stderr.lower():
        return _unusable(
            "Docker runs, but you may not use it",
            "join its group (sudo usermod -aG docker $USER, then sign in again)",
        )
    return _unusable(
        "Docker is installed, but its engine does not run",
        "start it (sudo systemctl start docker, or Docker Desktop)",
    )


def _too_old(engine: str, compose: str) -> DockerState | None:
    if _numbers(engine) < OLDEST_ENGINE:
        return _unusable(
            f"Docker engine {engine} is too old", f"update it to {_dots(OLDEST_ENGINE)}"
        )
    if not compose:
        return _unusable(
            "Docker is there, but its Compose plugin is not", "install docker-compose-plugin"
        )
    if _numbers(compose) < OLDEST_COMPOSE:
        return _unusable(
            f"Docker Compose {compose} is too old", f"update it to {_dots(OLDEST_COMPOSE)}"
        )
    return None


def _unusable(reason: str, remedy: str) -> DockerState:
    return DockerState(
        usable=False, reason=reason, remedy=f"{remedy}, or run without it: -- --engine local"
    )


def compose_version() -> str:
    """Return Compose's version, or nothing when it is not there."""
    answer = ask("compose", "version", "--short")
    return answer.stdout.strip() if answer.returncode == 0 else ""


def _dots(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])


def ask(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Ask the engine something that it answers at once."""
    return subprocess.run(
        ["docker", *arguments], check=False, capture_output=True, text=True, timeout=_PATIENCE
    )


def compose_command(
    *arguments: str, production: bool = False, files: Iterable[str] = ()
) -> list[str]:
    """Return the command line that Compose is called with, for this checkout.

    Args:
        arguments: of Compose.
        production: whether it is about that, and not development.
        files: instead of those that are in the checkout.
    """
    named = tuple(files) or (PRODUCTION_FILES if production else ())
    options = [part for file in named for part in ("--file", file)]
    return ["docker", "compose", "--project-directory", str(ROOT), *options, *arguments]


def compose(
    *arguments: str, capture: bool = False, production: bool = False, files: Iterable[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run Compose on this checkout's project, of development or of production."""
    return subprocess.run(
        compose_command(*arguments, production=production, files=files),
        check=False,
        capture_output=capture,
        text=True,
        cwd=ROOT,
        env=compose_environment(production=production),
    )


def compose_environment(*, production: bool = False) -> dict[str, str]:
    """Return the environment for Compose: no menu at the bottom of our own output.

    Production's images say what they are of. Development's do not: each commit would be a reason
    to make their containers anew.
    """
    return os.environ | {"COMPOSE_MENU": "false"} | (release.environment() if production else {})


@dataclass(frozen=True)
class Container:
    """A container that Compose made, as `docker ps` shows it.

    `reachable` says whether one of its ports is open to others than this machine.
    """

    name: str
    project: str
    service: str
    folder: str
    status: str
    ports: frozenset[int]
    production: bool = False
    reachable: bool = False

    @property
    def ours(self) -> bool:
        """Whether it belongs to this checkout."""
        return self.folder == str(ROOT)


def containers() -> list[Container]:
    """Return every running container, of whatever project; none where Docker does not answer."""
    if shutil.which("docker") is None:
        return []
    answer = ask("ps", "--no-trunc", "--format", "{{json .}}")
    return [_container(json.loads(line)) for line in answer.stdout.splitlines()]


def exit_code(service: str, *, production: bool = False) -> int:
    """Return what a service's container of this checkout ended with; 0 while it runs or is not."""
    template = "{{.ExitCode}}"
    answer = compose(
        "ps", "--all", "--format", template, service, capture=True, production=production
    )
    return int(answer.stdout.strip() or 0) if answer.returncode == 0 else 0


def _container(row: dict[str, Any]) -> Container:
    labels = dict(part.partition("=")[::2] for part in str(row["Labels"]).split(","))
    compose_label = "com.docker.compose.{}".format
    return Container(
        name=row["Names"],
        project=labels.get(compose_label("project"), ""),
        service=labels.get(compose_label("service"), ""),
        folder=labels.get(compose_label("project.working_dir"), ""),
        status=row["Status"],
        ports=published(row["Ports"]),
        production=PRODUCTION_FILES[-1] in str(row["Labels"]),
        reachable=reachable(row["Ports"]),
    )


def published(ports: str) -> frozenset[int]:
    """Return the host's ports in a text such as `127.0.0.1:8000->8000/tcp, :::80-81->80-81/tcp`."""
    found: set[int] = set()
    for first, last in re.findall(r":(\d+)(?:-(\d+))?->", ports):
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


def network_differs(network: str, *, internal: bool) -> bool:
    """Whether a network of production is there with, or without, a way out, other than wanted."""
    if shutil.which("docker") is None:
        return False
    try:
        of_project = f"label=com.docker.compose.project={production_project()}"
    except Problem:
        return False  # it has no network then
    of_network = f"label=com.docker.compose.network={network}"
    answer = ask(
        *("network", "ls", "--filter", of_project, "--filter", of_network),
        *("--format", "{{.Internal}}"),
    )
    return answer.stdout.strip() not in {"", str(internal).lower()}


def reachable(ports: str) -> bool:
    """Say whether one of the host's ports in such a text is at more than its own addresses."""
    addresses = re.findall(r"(\S+):\d+(?:-\d+)?->", ports)
    return any(address not in _OWN_ADDRESSES for address in addresses)


def running_services(*, production: bool = False) -> set[str]:
    """Return this checkout's services that run in Docker, of development or of production."""
    ours = [found for found in containers() if found.ours and found.production is production]
    return {found.service for found in ours} & {*names(production=production), POSTGRES}


def production_project() -> str:
    """Return the name that Compose gives production: its images' and containers' names begin so.

    Raises:
        Problem: Compose refuses its files.
    """
    return str(json.loads(production_config("json"))["name"])


def production_images() -> list[str]:
    """Return the names of production's images that are built here."""
    try:
        project = json.loads(production_config("json"))
    except Problem:
        return []
    wanted = [f"{project['name']}-{name}" for name in sorted(project["services"])]
    return [image for image in wanted if ask("image", "inspect", image).returncode == 0]


def production_config(form: str = "yaml") -> str:
    """Return production as Compose reads it, with all that .env and the shell say put in.

    Args:
        form: yaml or json.

    Raises:
        Problem: Compose refuses its files.
    """
    answer = compose("config", "--format", form, capture=True, production=True)
    if answer.returncode:
        raise Problem(f"Compose refuses its files: {answer.stderr.strip()}")
    return answer.stdout
