"""Where the metadata are: in a SQLite file, or on a PostgreSQL server.

Either prints as what may be shown to anybody: without a password, and without the options among
which one may stand. Free of imports that cost time, since every command begins here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,30})://")
_POSTGRES = {"postgresql", "postgres", "postgresql+psycopg"}
_FORM = "write postgresql://USER@HOST:5432/DATABASE, and the password into DATABASE_PASSWORD_FILE"


@dataclass(frozen=True)
class SqliteFile:
    """A file of this machine; it need not be there yet."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True)
class PostgresServer:
    """A database on a server.

    Attributes:
        url: as libpq reads it; it may hold a password.
        password: which counts before that of the URL.
    """

    url: str = field(repr=False)
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        parts = urlsplit(self.url)
        login, at, hosts = parts.netloc.rpartition("@")
        return f"postgresql://{login.partition(':')[0]}{at}{hosts}{parts.path}"


Location = SqliteFile | PostgresServer


def parse_location(url: str, password: str | None) -> Location:
    """Read ``DATABASE_URL``.

    Args:
        url: of SQLite or PostgreSQL.
        password: of the server, when it does not stand in the URL.

    Raises:
        ValueError: it is not one; the sentence holds nothing that may be a part of a password.
    """
    scheme = _SCHEME.match(url)
    if scheme is None:
        raise ValueError(f"DATABASE_URL is not the URL of a database; {_FORM}")
    if scheme[1] == "sqlite":
        path = unquote(url.removeprefix("sqlite://").partition("?")[0]).removeprefix("/")
        if not path:
            raise ValueError("DATABASE_URL names no file; write sqlite:///data/tenant_metadata.db")
        return SqliteFile(Path(path))
    if scheme[1] not in _POSTGRES:
        raise ValueError(
            f"DATABASE_URL asks for {scheme[1]}, and Kyros knows postgresql and sqlite; {_FORM}"
        )
    server = PostgresServer(f"postgresql://{url[scheme.end() :]}", password)
    _refuse_unreadable(server.url)
    return server


def _refuse_unreadable(url: str) -> None:
    """Refuse what libpq would take apart at another place than was meant, and then print."""
    rest = url.removeprefix("postgresql://")
    if "@" in rest.partition("@")[2] or "@" in rest.partition("/")[2].partition("?")[0]:
        raise ValueError(
            "DATABASE_URL has a password that cannot be told from the rest; write the password "
            "into DATABASE_PASSWORD_FILE, or @ as %40, / as %2F, # as %23 and ? as %3F"
        )
    from psycopg import ProgrammingError  # noqa: PLC0415 - only who uses it waits for it
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    try:
        readable = "#" not in url and "dbname" in conninfo_to_dict(url)
    except ProgrammingError:  # its own words quote the URL
        readable = False
    if not readable:
        raise ValueError(f"DATABASE_URL cannot be read; {_FORM}")
