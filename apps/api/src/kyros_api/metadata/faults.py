"""Why the metadata cannot be had, in one sentence with the remedy; never with a password."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from kyros_api.metadata.location import SqliteFile

if TYPE_CHECKING:
    from kyros_api.metadata.location import Location, PostgresServer

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_BROKEN = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_UNUSABLE = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}
_LOCKED = {"55P03", "40001", "40P01"}  # waited in vain, or two waited for each other
# What a server that turns us away says, before there is a code to go by; its log says the rest.
_REFUSALS = {
    "password authentication failed": "refuses user and password; correct DATABASE_URL, or what "
    "DATABASE_PASSWORD_FILE holds",
    "no password supplied": "wants a password; write it into the file that "
    "DATABASE_PASSWORD_FILE names",
    "pg_hba.conf": "does not let this user in from here; allow it in pg_hba.conf, or correct "
    "DATABASE_URL",
    "does not exist": "has no such database or user; make it with createdb or createuser, or "
    "correct DATABASE_URL",
    "too many clients": "has no connection left; raise max_connections, or run fewer replicas",
    "remaining connection slots": "has no connection left; raise max_connections, or run fewer "
    "replicas",
    "starting up": "is starting; wait a moment and repeat",
    "shutting down": "is stopping; start it and repeat",
}


def explain(error: BaseException, location: Location) -> str | None:
    """Say what is wrong with the database, None when it is something else.

    Args:
        error: of SQLAlchemy or of the driver.
        location: where the metadata are.
    """
    cause = getattr(error, "orig", None) or error
    if isinstance(location, SqliteFile):
        return _explain_file(cause, location)
    return _explain_server(cause, location)


def _explain_file(cause: BaseException, file: SqliteFile) -> str | None:
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code in _BUSY:
        return f"{file} is locked by another program; wait until it has finished and repeat."
    if code in _BROKEN:
        return f"{file} is damaged or is no database; restore it from a backup."
    if code in _UNUSABLE:
        return f"{file} cannot be used ({cause}); free the disk or mend the permissions."
    return None


def _explain_server(cause: BaseException, server: PostgresServer) -> str | None:
    if not type(cause).__module__.startswith("psycopg"):
        return None
    import psycopg  # noqa: PLC0415 - whoever has such an error has it

    if getattr(cause, "sqlstate", None) in _LOCKED:
        return f"{server} is locked by another program; wait until it has finished and repeat."
    if isinstance(cause, psycopg.errors.InsufficientPrivilege):
        return f"{server} does not let its user do that; make the user owner of the database."
    if not isinstance(cause, psycopg.OperationalError):
        return None
    said = str(cause)
    for words, meaning in _REFUSALS.items():
        if words in said:
            return f"{server} {meaning}."
    return f"{server} cannot be reached; start the server, or correct DATABASE_URL."
