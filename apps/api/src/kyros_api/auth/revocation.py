"""Signing out: a user token, and what was given for it, is good no longer in any replica."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, bindparam, delete, exists, select

from kyros_api.metadata.insert import insert_missing
from kyros_api.metadata.prepared import PreparedSelect
from kyros_api.metadata.tables import revoked_tokens
from kyros_shared_config import CLOCKS_APART, TokenRevokedError

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement


class _Found(NamedTuple):
    id: str


def signed_out(parameter: str) -> ColumnElement[bool]:
    """Say in a SELECT whether the user token whose id is bound to the parameter was revoked."""
    return exists().where(revoked_tokens.c.id == bindparam(parameter))


def is_revoked(connection: Connection, token_id: str) -> bool:
    """Say whether somebody signed out of a user token."""
    return _REVOKED.one_or_none(connection, wanted_token=token_id) is not None


def revoke(connection: Connection, token_id: str, expires: int, longest: timedelta) -> None:
    """Let a user token be good no longer; forget those that have ended by themselves.

    Args:
        connection: in a transaction.
        token_id: of the token.
        expires: its end, in seconds since the epoch.
        longest: for so long a tenant token may be good that was given for it at its end.
    """
    # To a replica whose clock is behind, the token is good for a while longer.
    until = datetime.fromtimestamp(expires, UTC) + longest + CLOCKS_APART
    connection.execute(delete(revoked_tokens).where(revoked_tokens.c.until < datetime.now(UTC)))
    row = {"id": token_id[:36], "until": until}
    insert_missing(connection, revoked_tokens, [row], unique="id")


def refuse_revoked(*, revoked: bool) -> None:
    """Refuse a token that was revoked.

    Raises:
        TokenRevokedError: it was.
    """
    if revoked:
        raise TokenRevokedError("You have signed out: sign in again.")


_REVOKED = PreparedSelect(
    select(revoked_tokens.c.id).where(revoked_tokens.c.id == bindparam("wanted_token")), _Found
)
