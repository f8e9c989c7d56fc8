"""One connection to a PostgreSQL server: by psycopg, with what libpq knows of hosts and TLS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.string import StrDumperUnknown

if TYPE_CHECKING:
    from psycopg.abc import Buffer

    from kyros_api.metadata.location import PostgresServer

_DEFAULTS = {"connect_timeout": 5, "application_name": "kyros", "client_encoding": "utf8"}
_NUL, _INSTEAD = "\x00", "\ufffd"


def connect(server: PostgresServer, set_up: str = "", **options: Any) -> psycopg.Connection[Any]:  # noqa: ANN401 - the driver's
    """Connect, for transactions.

    A text with NUL, which PostgreSQL cannot hold, is made one that is nowhere: asking for it finds
    nothing, as with SQLite, where it would else be a fault.

    Args:
        server: where to.
        set_up: statements to run first.
        options: of the driver, besides those of the URL.

    Raises:
        psycopg.OperationalError: the server is not there, or does not let us in.
    """
    given = {**_DEFAULTS, **conninfo_to_dict(server.url), **options}
    if server.password is not None:
        given["password"] = server.password
    connection: psycopg.Connection[Any] = psycopg.connect(**given, autocommit=True)
    connection.adapters.register_dumper(str, _StrDumper)
    if set_up:
        connection.execute(set_up.encode())
    connection.autocommit = False
    return connection


class _StrDumper(StrDumperUnknown):
    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace(_NUL, _INSTEAD) if _NUL in obj else obj)
