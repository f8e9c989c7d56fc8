"""Production on this machine: started when nothing speaks against it, found, stopped."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from scripts.support import (
    checks,
    docker,
    docker_engine,
    production_checks,
    running_version,
    settings,
)
from scripts.support.project import EDGE, STATE, expected
from scripts.support.terminal import Problem, console, errors

if TYPE_CHECKING:
    from collections.abc import Mapping

CA_FILE = STATE / "edge-ca.crt"
_CA_IN_EDGE = "/state/caddy/pki/authorities/local/root.crt"


def up(*, detach: bool, began: float) -> int:
    """Check, build and start production; returns the exit code.

    Raises:
        Problem: something speaks against it; nothing was started.
    """
    values = require_ready()
    start = docker_engine.Start(
        url(values), began, expected(values, production=True), production=True
    )
    docker_engine.build(production=True)
    running_version.record()
    code = docker_engine.up(start, detach=detach)
    if detach and not values.get("ACME_EMAIL"):
        console.print(f"Its certificate is of its own authority: {save_authority()}")
    return code


def require_ready() -> Mapping[str, str]:
    """Make sure that nothing speaks against production, and say what there is to note.

    Returns:
        the settings.

    Raises:
        Problem: something speaks against it.
    """
    values = settings.read()
    findings = list(production_checks.everything(values))
    stoppers = checks.wrong(findings)
    if stoppers:
        raise Problem("\n".join(finding.sentence() for finding in stoppers))
    require_docker()
    for finding in findings:
        if finding.state is checks.State.NOTE:
            console.print(finding.sentence())
    return values


def require_docker() -> None:
    """Make sure that Docker can be used.

    Raises:
        Problem: it cannot.
    """
    found = docker.inspect()
    if not found.usable:
        raise Problem(found.sentence().replace(", or run without it: -- --engine local", ""))


def require_running(service: str) -> None:
    """Make sure that a service of production runs here.

    Raises:
        Problem: it does not.
    """
    if service not in docker.running_services(production=True):
        raise Problem("Production does not run here; start it with nox -s up -- --prod --detach.")


def url(values: Mapping[str, str]) -> str:
    """Return the address for the browser."""
    port = production_checks.port(values, "EDGE_HTTPS_PORT")
    return f"https://{domain(values)}{f':{port}' if port != 443 else ''}"  # noqa: PLR2004 - HTTPS


def domain(values: Mapping[str, str]) -> str:
    """Return the name by which people reach it."""
    return values.get("KYROS_DOMAIN") or "localhost"


def published_ports() -> set[str]:
    """Return the services of production that can be reached: by others, or the edge at all.

    What watches them has its page for this machine alone.
    """
    return {
        found.service
        for found in docker.containers()
        if found.ours and found.production and found.ports
        if found.reachable or found.service == "edge"
    }


def is_meant(*, asked: bool) -> bool:
    """Whether a command is about production: by its option, or because nothing else runs here."""
    if asked:
        return True
    running = docker.running_services(production=True)
    return bool(running) and not docker.running_services()


def save_authority() -> str:
    """Write the certificate of the edge's own authority to .kyros/, and return the file's name.

    Raises:
        Problem: the edge gives none.
    """
    command = docker.compose_command("exec", "-T", EDGE, "cat", _CA_IN_EDGE, production=True)
    env = docker.compose_environment(production=True)
    answer = subprocess.run(command, check=False, capture_output=True, env=env)
    if answer.returncode or not answer.stdout:
        raise Problem("The edge gives no certificate of its authority; see nox -s logs -- edge.")
    STATE.mkdir(exist_ok=True)
    CA_FILE.write_bytes(answer.stdout)
    return str(CA_FILE.relative_to(STATE.parent))


def down(*, volumes: bool, yes: bool) -> int:
    """Stop production, and with volumes delete what it stored; returns the exit code.

    Raises:
        Problem: it could not be stopped, or nobody is here to confirm.
    """
    require_docker()
    settings.read()  # Compose would complain about a broken .env in its own words
    if volumes and not (yes or _confirmed()):
        console.print("Nothing was stopped or deleted")
        return 1
    running = bool(docker.running_services(production=True))
    options = ["--volumes"] if volumes else []
    # With what a profile has started that is not on any more.
    down = ("--profile", "*", "down", "--remove-orphans")
    done = docker.compose(*down, *options, capture=True, production=True)
    if done.returncode:
        errors.print(done.stderr, markup=False)
        raise Problem("Compose could not stop the services, see above; mend that and repeat.")
    console.print("Stopped (production)" if running else "Nothing was running")
    if volumes:
        console.print("Deleted: the volumes of production")
    return 0


def _confirmed() -> bool:
    console.print("This deletes, for good:")
    console.print("  the volumes data and postgres: all tenants, people, and their data")
    console.print("  the volume edge: the edge's certificates and authority")
    console.print("  the volume prometheus: what was measured")
    console.print("It keeps secrets/ and .env.")
    if not sys.stdin.isatty():
        raise Problem("Nobody is here to confirm that; add --yes to delete without asking.")
    return console.input("Delete them? [y/N] ", markup=False).strip().lower() in {"y", "yes"}
