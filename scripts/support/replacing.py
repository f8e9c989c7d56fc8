"""The steps by which one version of production takes the place of another."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scripts.support import docker, docker_engine, running_version
from scripts.support.project import API, JOBS, ROOT, names
from scripts.support.terminal import Problem, console

if TYPE_CHECKING:
    import subprocess

    from scripts.support.docker_engine import Compose
    from scripts.support.running_version import Version

FOLDER = ROOT / "backups"
_IN_CONTAINER = "/app/data"


def schema() -> str:
    """Return the revision of the metadata, as the version that is built reads it.

    Raises:
        Problem: it cannot be read, or nothing was ever migrated.
    """
    answer = _job("kyros-api", "status", "--json")
    try:
        revision = json.loads(answer.stdout)["revision"]
    except (ValueError, KeyError):
        raise Problem(f"The metadata cannot be read: {_said(answer)}") from None
    if revision is None:
        raise Problem("The metadata are of no version yet; start them with nox -s up -- --prod.")
    return str(revision)


def backup() -> str:
    """Make a backup with the version that runs, and fetch it; returns the file's name.

    Raises:
        Problem: there is none; nothing was changed.
    """
    name = f"before-upgrade-{datetime.now(UTC):%Y-%m-%dT%H-%M-%SZ}.zip"
    inside, outside = f"{_IN_CONTAINER}/{name}", FOLDER / name
    with console.status("Backing up"):
        made = _compose("exec", "-T", API.name, "kyros-api", "backup", inside)
        if made.returncode:
            raise Problem(
                f"There is no backup, so nothing was changed: {_said(made)} "
                "With a backup of your own, repeat with --without-backup."
            )
        try:
            FOLDER.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise Problem(
                f"backups/ cannot be made: {error.strerror}; nothing was changed."
            ) from None
        fetched = _compose("cp", f"{API.name}:{inside}", str(outside))
        _compose("exec", "-T", API.name, "rm", "-f", inside)
    if fetched.returncode:
        outside.unlink(missing_ok=True)
        raise Problem(f"The backup cannot be fetched, so nothing was changed: {_said(fetched)}")
    outside.chmod(0o600)  # it holds every tenant's data
    return str(outside.relative_to(ROOT))


def migrate() -> None:
    """Bring the metadata to the schema of the version that was built.

    Raises:
        Problem: they stay as they are.
    """
    with console.status("Migrating the metadata"):
        done = _job("kyros-api", "migrate")
    if done.returncode:
        raise Problem(_said(done))
    console.print(done.stdout.strip(), markup=False)


def services() -> None:
    """Replace each service that is another now, one after the other, each healthy before the next.

    Raises:
        Problem: one does not become healthy; its last lines are on the terminal.
    """
    _replace_each(_compose)


def go_back(version: Version, *, migrated: bool) -> None:
    """Let a version that is kept run again, with the schema that it needs.

    Args:
        version: which.
        migrated: whether the metadata may have another schema, and services may be replaced.

    Raises:
        Problem: it does not; how to restore the backup is said.
    """
    try:
        if migrated:
            _migrate_back(version.schema)
        running_version.put_back(version.services)
        if migrated:
            _replace_each(running_version.compose_before)
    except Problem as problem:
        raise Problem(
            f"{problem} Going back did not work either: check out the version before and restore "
            "the backup, see docs/operations.md."
        ) from None
    running_version.is_again_running()


def _migrate_back(revision: str) -> None:
    """By the version that knows both schemas; nobody may write what the older one cannot hold."""
    with console.status("Bringing the metadata back"):
        _compose("stop", API.name)
        done = _job("kyros-api", "migrate", "--to", revision)
    if done.returncode:
        raise Problem(_said(done))


def named(version: Version) -> str:
    """Say which version it is."""
    return f"version {version.commit[:12]}" if version.commit else "the version before"


def _replace_each(compose: Compose) -> None:
    ours = names(production=True)
    for service in ours:
        _replace(service, compose)
    # What the profiles of .env add, such as Prometheus.
    # Compose leaves alone what is the same as before, which the metadata's server mostly is.
    others = sorted(set(compose("config", "--services").stdout.split()) - {JOBS, *ours})
    if others:
        done = docker_engine.up_and_wait(compose, "--no-deps", *others)
        if done.returncode:
            raise Problem(f"{', '.join(others)} cannot be started: {_said(done)}")


def _replace(service: str, compose: Compose) -> None:
    began = time.monotonic()
    with console.status(f"Replacing {service}"):
        done = docker_engine.up_and_wait(compose, "--no-deps", service)
    if done.returncode:
        docker_engine.show_last_lines(compose, service, otherwise=done.stderr)
        raise Problem(f"{service} does not become healthy, its last lines are above.")
    console.print(f"{service} is healthy after {time.monotonic() - began:.1f} s")


def _job(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a container of its own, of the version that is built."""
    return _compose("run", "--rm", "--no-deps", "-T", "--quiet-pull", JOBS, *command)


def _compose(*arguments: str) -> subprocess.CompletedProcess[str]:
    return docker.compose(*arguments, capture=True, production=True)


def _said(answer: subprocess.CompletedProcess[str]) -> str:
    """Return the last line that a command printed, without who said it."""
    lines = (answer.stderr or answer.stdout).strip().splitlines() or ["no word of why"]
    return lines[-1].removeprefix("kyros-api: ")
