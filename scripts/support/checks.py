"""What can be wrong on this machine, with the remedy: `doctor` asks all, `up` what stops it."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import stat
import tempfile
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from kyros_shared_config import secret_problem
from scripts.support import docker, local, ports, settings
from scripts.support.project import DATA, DATABASE, ROOT, SERVICES
from scripts.support.terminal import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_GIGABYTE = 1000**3
LITTLE_DISK = 3 * _GIGABYTE  # an image build needs about two
NO_DISK = _GIGABYTE // 2

_MAKE_SECRET = "python -c 'import secrets; print(secrets.token_hex(32))'"  # noqa: S105 - a command


class State(StrEnum):
    """How a check came out; a note is worth knowing and stops nothing."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One check's outcome."""

    check: str
    state: State
    what: str
    remedy: str = ""

    def sentence(self) -> str:
        """Return what is wrong and the remedy as one sentence."""
        return f"{self.what}; {self.remedy}."


def ok(check: str, what: str) -> Finding:
    """Make the finding that all is well."""
    return Finding(check, State.OK, what)


def bad(check: str, what: str, remedy: str) -> Finding:
    """Make the finding that something has to be mended."""
    return Finding(check, State.WRONG, what, remedy)


def note(check: str, what: str, remedy: str) -> Finding:
    """Make the finding of something worth knowing."""
    return Finding(check, State.NOTE, what, remedy)


def everything() -> Iterator[Finding]:
    """Yield every finding, in the order a person would mend them."""
    yield engine()
    try:
        values = settings.read()
    except Problem as problem:
        what, _, remedy = str(problem).rstrip(".").rpartition("; ")
        yield bad(".env", what, remedy)
        return
    yield env_file()
    yield from secret_values(values)
    yield from port_findings(values)
    yield from data_folder()
    if "DATABASE_URL" not in values:
        yield seeded()
    yield disk()


def wrong(findings: Iterable[Finding]) -> list[Finding]:
    """Return those that stop something."""
    return [finding for finding in findings if finding.state is State.WRONG]


def stoppers(values: Mapping[str, str]) -> list[Finding]:
    """Return what would keep `up` from succeeding, before anything is started."""
    return wrong(
        [
            *project_name(values),
            *secret_values(values),
            *port_findings(values),
            *data_folder(),
            disk(NO_DISK),
        ]
    )


def project_name(values: Mapping[str, str], *, production: bool = False) -> Iterator[Finding]:
    """Check that development and production of this checkout are not one project to Compose."""
    name = values.get("COMPOSE_PROJECT_NAME")
    for found in docker.containers():
        if found.ours and found.project == name and found.production is not production:
            other, option = ("Development", "") if production else ("Production", " -- --prod")
            yield bad(
                "project",
                f"{other} runs here under the project name {name}",
                f"stop it with nox -s down{option}, or set another COMPOSE_PROJECT_NAME in .env",
            )
            return


def engine() -> Finding:
    """Check for Docker; without it the platform runs as local processes."""
    state = docker.inspect()
    if state.usable:
        return ok("engine", state.reason)
    if not state.installed:
        return note("engine", state.reason, state.remedy)
    return bad("engine", state.reason, state.remedy)


def env_file() -> Finding:
    """Check that .env is there and for its owner's eyes only."""
    path = settings.ENV_FILE
    if not path.exists():
        return note(".env", "There is none", "nox -s up makes one with random secrets")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return note(".env", "Others on this machine may read it", "chmod 600 .env")
    return ok(".env", "readable")


def secret_values(values: Mapping[str, str]) -> Iterator[Finding]:
    """Check the secrets that .env or the shell give."""
    if not settings.ENV_FILE.exists() and "JWT_SECRET_KEY" not in values:
        return  # `up` makes them
    for name in ("JWT_SECRET_KEY", "SESSION_SECRET_KEY"):
        value = values.get(name, "")
        if not value and f"{name}_FILE" in values:
            continue  # the path is the service's own, often inside a container
        problem = secret_problem(value)
        if problem:
            yield bad(
                "secrets", f"{name} {problem}", f"set it in .env to the output of {_MAKE_SECRET}"
            )
        else:
            yield ok("secrets", f"{name} is long and random")


def port_findings(values: Mapping[str, str]) -> Iterator[Finding]:
    """Check that each port is free, or used by this checkout's own service."""
    docker_services = docker.running_services()
    for service in SERVICES:
        port = service.port(values)
        check = f"port {port}"
        problem = ports.problem(port)
        if problem is None:
            yield ok(check, f"free for {service.name}")
        elif service.name in docker_services or local.is_running():
            yield ok(check, f"{service.name} runs here")
        else:
            yield bad(
                check,
                f"Port {port} of {service.name} is {problem}",
                f"stop that, or set {service.port_variable} in .env to another port",
            )


def data_folder() -> Iterator[Finding]:
    """Check that data/ and what is in it can be written."""
    try:
        with tempfile.TemporaryFile(dir=DATA):
            pass
    except OSError as error:
        remedy = "mount it writable" if error.errno == errno.EROFS else _own_data()
        yield bad("data/", f"data/ cannot be written ({error.strerror})", remedy)
        return
    locked = [
        path
        for path in (DATABASE, DATA / "tenants")
        if path.exists() and not os.access(path, os.W_OK)
    ]
    if locked:
        yield bad(
            "data/", f"{locked[0].relative_to(ROOT)} belongs to {_owner(locked[0])}", _own_data()
        )
    else:
        yield ok("data/", "can be written")


def _own_data() -> str:
    return f"make it yours: sudo chown -R {os.getuid()}:{os.getgid()} data && chmod -R u+rwX data"


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except KeyError:
        return f"user {path.stat().st_uid}"


def seeded() -> Finding:
    """Check whether any tenant is there."""
    count = tenants()
    if count:
        return ok("seeded", f"{count} tenants")
    return note(
        "seeded",
        "No tenant is there yet",
        "nox -s seed loads the demo data; nox -s up does it by itself",
    )


def tenants(database: Path = DATABASE) -> int:
    """Count the tenants in the metadata, without making or changing the file."""
    if not database.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM tenants").fetchone()[0])
    except sqlite3.Error:
        return 0


def disk(least: int = LITTLE_DISK) -> Finding:
    """Check the space that is left where the checkout is, and where Docker keeps its images."""
    places = [ROOT, Path("/var/lib/docker")]
    free = min(shutil.disk_usage(place).free for place in places if place.exists())
    text = f"{free / _GIGABYTE:.1f} GB free"
    if free >= least:
        return ok("disk", text)
    return bad(
        "disk",
        f"The disk is nearly full, {text}",
        "delete what you can spare; docker system prune often helps",
    )
