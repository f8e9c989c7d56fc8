"""What production is refused for, each in one sentence, before anything is started."""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING

from kyros_shared_config import secret_problem
from scripts.support import database_checks, docker, ports, secret_files
from scripts.support.checks import NO_DISK, bad, disk, note, ok, project_name
from scripts.support.project import EDGE
from scripts.support.terminal import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scripts.support.checks import Finding

PORTS = {"EDGE_HTTPS_PORT": 443, "EDGE_HTTP_PORT": 80}
_LAST_PORT = 65535
_MOST_REPLICAS = 32  # more are a mistake on one machine
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_GIVEN = ("JWT_SECRET_KEY", "JWT_SECRET_KEY_PREVIOUS", "SESSION_SECRET_KEY")


def everything(values: Mapping[str, str]) -> Iterator[Finding]:
    """Yield every finding, in the order a person would mend them."""
    yield from _development(values)
    yield from _given_secrets(values)
    yield from _secret_files()
    yield from database_checks.production(values)
    yield from _name(values)
    yield from _ports(values)
    yield _replicas(values)
    yield disk(NO_DISK)


def port(values: Mapping[str, str], name: str) -> int:
    """Return a port of the edge.

    Raises:
        Problem: the variable holds none.
    """
    text = values.get(name) or str(PORTS[name])
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= _LAST_PORT):
        raise Problem(f"{name} is not a port ({text!r}); set it to a number in .env.")
    return int(text)


def _development(values: Mapping[str, str]) -> Iterator[Finding]:
    if values.get("KYROS_ENV") not in {None, "production"}:
        yield bad(
            "settings",
            f"KYROS_ENV={values['KYROS_ENV']} is no setting for production",
            "leave it empty in .env and in your shell",
        )
    if values.get("AUTH_MODE") not in {None, "password"}:
        yield bad(
            "settings",
            f"AUTH_MODE={values['AUTH_MODE']} lets anybody in without a password",
            "leave it empty in .env and in your shell",
        )
    yield from project_name(values, production=True)


def _given_secrets(values: Mapping[str, str]) -> Iterator[Finding]:
    """Values given as in development: a bad one is somebody's mistake, a good one is of no use."""
    for name in _GIVEN:
        problem = secret_problem(values[name]) if name in values else None
        if problem:
            yield bad(
                "secrets",
                f"{name} {problem}",
                "delete it from .env and your shell: production reads secrets/, "
                "which nox -s secrets makes",
            )
        elif name in values:
            yield note(
                "secrets",
                f"{name} of .env or the shell is not used",
                "production reads secrets/",
            )


def _secret_files() -> Iterator[Finding]:
    folder = secret_files.FOLDER
    if not folder.exists():
        yield bad("secrets", "secrets/ is missing", "make it with nox -s secrets")
        return
    for key in secret_files.KEYS:
        for name, needed in ((key, True), (f"{key}_previous", False)):
            yield _secret_file(name, needed=needed)
    yield _database_password()
    if not secret_files.is_private():
        yield bad("secrets", "Others on this machine may look into secrets/", "chmod 700 secrets")


def _secret_file(name: str, *, needed: bool) -> Finding:
    try:
        text = (secret_files.FOLDER / name).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return bad("secrets", f"secrets/{name} is missing", "make it with nox -s secrets")
    except (OSError, UnicodeDecodeError):
        return bad("secrets", f"secrets/{name} cannot be read", "make it anew with nox -s secrets")
    problem = secret_problem(text) if needed or text else None
    if problem:
        remedy = "delete the file and run nox -s secrets"
        return bad("secrets", f"secrets/{name} {problem}", remedy)
    return ok("secrets", f"secrets/{name} is {'long and random' if text else 'empty'}")


def _database_password() -> Finding:
    """Of a server elsewhere, somebody else may have chosen it: that it is there must do."""
    name = secret_files.DATABASE_PASSWORD
    try:
        text = (secret_files.FOLDER / name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        text = ""
    if not text:
        return bad("secrets", f"secrets/{name} is missing", "make it with nox -s secrets")
    return ok("secrets", f"secrets/{name} is there")


def _name(values: Mapping[str, str]) -> Iterator[Finding]:
    domain = values.get("KYROS_DOMAIN", "")
    if domain and not _DOMAIN.fullmatch(domain):
        yield bad(
            "domain",
            f"KYROS_DOMAIN is not a host name ({domain!r})",
            "write it like analytics.example.com, in small letters, without https:// and port",
        )
    elif values.get("ACME_EMAIL") and not domain:
        yield bad(
            "domain",
            "ACME_EMAIL is set and KYROS_DOMAIN is not",
            "name the domain in .env, or leave both empty for the edge's own authority",
        )
    elif values.get("ACME_EMAIL") and "@" not in values["ACME_EMAIL"]:
        yield bad(
            "domain",
            "ACME_EMAIL is not a mail address",
            "correct it in .env; the certificate authority writes there",
        )
    else:
        issuer = "by ACME" if values.get("ACME_EMAIL") else "of the edge's own authority"
        yield ok("domain", f"{domain or 'localhost'}, with a certificate {issuer}")


def _ports(values: Mapping[str, str]) -> Iterator[Finding]:
    runs = EDGE in docker.running_services(production=True)
    for name in PORTS:
        number = port(values, name)
        if runs:
            yield ok(f"port {number}", f"{EDGE} runs here")
        elif _answers(number):
            yield bad(
                f"port {number}",
                f"Port {number} of {EDGE} is used by {ports.holder(number)}",
                f"stop that, or set {name} in .env to another port",
            )
        else:
            yield ok(f"port {number}", f"free for {EDGE}")


def _replicas(values: Mapping[str, str]) -> Finding:
    text = values.get("API_REPLICAS") or "1"
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= _MOST_REPLICAS):
        return bad(
            "replicas",
            f"API_REPLICAS is not a number of containers ({text!r})",
            f"set it to 1 to {_MOST_REPLICAS} in .env",
        )
    return ok("replicas", f"{text} of api")


def _answers(number: int) -> bool:
    """Whether somebody listens. Asked, not tried: ports below 1024 are the engine's to open."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", number)) == 0
