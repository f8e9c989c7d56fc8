"""A PostgreSQL server as SQLAlchemy uses it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import Engine, create_engine

from kyros_api.metadata.json_text import without_nul
from kyros_api.metadata.server import connect

if TYPE_CHECKING:
    from kyros_api.metadata.location import PostgresServer

# Moments come in UTC, as SQLite's do. Who waits for somebody's lock gives up as with SQLite.
_SET_UP = "SET TimeZone = 'UTC'; SET lock_timeout = {milliseconds}"
_READ_ONLY = "; SET default_transaction_read_only = on"


def postgres_engine(
    server: PostgresServer, *, read_only: bool = False, lock_timeout_ms: int
) -> Engine:
    """Open the database for transactions, or for single SELECTs; connecting happens on first use.

    The server's address and password stay out of SQLAlchemy, which therefore cannot print them.
    Before a transaction a pooled connection is tried, because the server may have been restarted;
    who only reads asks again instead.
    """
    set_up = _SET_UP.format(milliseconds=lock_timeout_ms) + (_READ_ONLY if read_only else "")
    return create_engine(
        "postgresql+psycopg://",
        creator=lambda: connect(server, set_up),
        json_serializer=_to_json,
        hide_parameters=True,
        use_native_hstore=False,  # looking for it would be one more question at each connecting
        isolation_level="AUTOCOMMIT" if read_only else "READ COMMITTED",
        pool_pre_ping=not read_only,
        pool_size=5,
        max_overflow=10 if read_only else 5,
        pool_timeout=5,
    )


def _to_json(value: object) -> str:
    return without_nul(json.dumps(value))
