"""Whether the lines of .env that put the metadata on PostgreSQL go together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qs, urlsplit

from scripts.support import docker
from scripts.support.checks import bad, note, ok
from scripts.support.project import POSTGRES, profiles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scripts.support.checks import Finding

OWN_URL = "postgresql://kyros@postgres:5432/kyros"
_CHECK = "metadata"
_POSTGRES_URL = re.compile(
    r"postgres(ql(\+psycopg)?)?://(?!\[[^]]*$)"
)  # no bracket that stays open
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


def everywhere(values: Mapping[str, str], *, docker_runs_it: bool = True) -> Iterator[Finding]:
    """Yield what keeps the metadata from the server of the profile, in development as well.

    Args:
        values: the settings.
        docker_runs_it: whether the services are containers, and not local processes.
    """
    url, own = values.get("DATABASE_URL", ""), POSTGRES in profiles(values)
    named = POSTGRES in _hosts(url)
    if named and not docker_runs_it:
        yield bad(
            _CHECK,
            "DATABASE_URL names postgres, which is there in Docker only",
            "empty it in .env, or name a server that local processes can reach",
        )
    elif named and not own:
        yield bad(
            _CHECK,
            "DATABASE_URL names postgres, which does not start",
            "add COMPOSE_PROFILES=postgres to .env",
        )
    elif own and docker_runs_it and not named:
        yield bad(
            _CHECK,
            "COMPOSE_PROFILES starts a PostgreSQL that nothing uses",
            f"add DATABASE_URL={OWN_URL} to .env, or take postgres out of COMPOSE_PROFILES",
        )
    elif named and not _is_own(urlsplit(url)):
        yield bad(_CHECK, "postgres has one database and user", f"set DATABASE_URL={OWN_URL}")


def production(values: Mapping[str, str]) -> Iterator[Finding]:
    """Yield everything about where production's metadata are; nothing of a URL but its hosts."""
    found = [*everywhere(values), *_not_read(values), *_server(values), *_network(values)]
    yield from found
    if not [finding for finding in found if finding.remedy]:
        hosts = ", ".join(_hosts(values.get("DATABASE_URL", "")))
        yield ok(_CHECK, f"on PostgreSQL at {hosts}" if hosts else "in a SQLite file")


def _not_read(values: Mapping[str, str]) -> Iterator[Finding]:
    if "DATABASE_URL_FILE" in values:
        yield bad(
            _CHECK,
            "DATABASE_URL_FILE is not read in production",
            "write the URL into DATABASE_URL, and the password into secrets/postgres_password",
        )
    if "DATABASE_PASSWORD_FILE" in values:
        yield note(
            _CHECK,
            "DATABASE_PASSWORD_FILE of .env or the shell is not used",
            "production reads secrets/postgres_password",
        )


def _server(values: Mapping[str, str]) -> Iterator[Finding]:
    url = values.get("DATABASE_URL", "")
    if not _POSTGRES_URL.match(url):
        if url and not url.startswith("sqlite:"):
            yield bad(
                _CHECK,
                "DATABASE_URL is not the URL of a PostgreSQL database",
                "write postgresql://USER@HOST:5432/NAME",
            )
        return
    hosts, parts = _hosts(url), urlsplit(url)
    if ":" in parts.netloc.rpartition("@")[0] or "password" in parse_qs(parts.query):
        yield bad(
            _CHECK,
            "DATABASE_URL holds a password, which everybody who may use Docker would see",
            "write it into secrets/postgres_password and take it out of the URL",
        )
    elif not hosts:
        yield bad(_CHECK, "DATABASE_URL names no host", "write postgresql://USER@HOST:5432/NAME")
    elif here := [host for host in hosts if host in _THIS_MACHINE or host.startswith("/")]:
        yield bad(
            _CHECK,
            f"DATABASE_URL names {here[0]}, which in a container is that container itself",
            "name the machine by an address that others reach",
        )


def _network(values: Mapping[str, str]) -> Iterator[Finding]:
    """A way out of the network of api, jobs and their database, for a server elsewhere alone."""
    said = values.get("DATABASE_NETWORK_INTERNAL", "true")
    elsewhere = [host for host in _hosts(values.get("DATABASE_URL", "")) if host != POSTGRES]
    if said not in {"true", "false"}:
        yield bad(
            _CHECK,
            f"DATABASE_NETWORK_INTERNAL is neither true nor false ({said!r})",
            "correct it in .env",
        )
    elif elsewhere and said == "true":
        yield bad(
            _CHECK,
            f"DATABASE_URL names {elsewhere[0]}, which containers without a way out cannot reach",
            "add DATABASE_NETWORK_INTERNAL=false to .env",
        )
    elif not elsewhere and said == "false":
        yield note(
            _CHECK,
            "DATABASE_NETWORK_INTERNAL=false gives api and jobs a way out that nothing needs",
            "take it out of .env",
        )
    elif docker.network_differs("database", internal=said == "true"):
        yield bad(
            _CHECK,
            "DATABASE_NETWORK_INTERNAL has changed, and a network that is in use cannot",
            "stop production with nox -s down, and start it again",
        )


def _is_own(parts: SplitResult) -> bool:
    user = parts.netloc.rpartition("@")[0].partition(":")[0]
    host = parts.netloc.rpartition("@")[2]
    return (user, parts.path) == ("kyros", "/kyros") and host in {POSTGRES, f"{POSTGRES}:5432"}


def _hosts(url: str) -> list[str]:
    """Return the hosts of a PostgreSQL URL, which may name several; none of any other."""
    if not _POSTGRES_URL.match(url):
        return []
    parts = urlsplit(url)
    named = [_without_port(one) for one in parts.netloc.rpartition("@")[2].split(",")]
    asked = [one for text in parse_qs(parts.query).get("host", []) for one in text.split(",")]
    return [host for host in (*named, *asked) if host]


def _without_port(host: str) -> str:
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
