"""The places that sign-ins take while they are checked, and keep for a while when they fail.

They are rows of the metadata, so that every replica counts the same ones. Whoever changes those of
an account and an address takes their turns first: no two replicas can both take the last place.
The account's comes before the address's, so that nobody waits in a circle.
"""

from __future__ import annotations

import hashlib
import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Self

from sqlalchemy import case, delete, func, insert, select, tuple_

from kyros_api.metadata.engine import take_turn
from kyros_api.metadata.tables import sign_in_places as places

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from kyros_api.auth.limit import Limit

HELD = timedelta(minutes=1)  # of a process that was killed; checking takes a second or two
_REMOVED_AT_ONCE = 100  # many more than are taken, so that few are left and nobody waits for all


class Count(NamedTuple):
    """One of the things that failures are counted by.

    Attributes:
        kind: what it is: "account" or "address".
        owner: stands for whose it is; who reads the table learns no names that strangers typed.
        limit: of failures.
    """

    kind: str
    owner: str
    limit: Limit

    @classmethod
    def of(cls, kind: str, name: str, limit: Limit) -> Self:
        """Count for an account or address of this name."""
        return cls(kind, hashlib.sha256(f"{kind} {name}".encode()).hexdigest(), limit)


class Counts(NamedTuple):
    """What one sign-in counts for."""

    account: Count
    address: Count


def find_wait(connection: Connection, counts: Counts, now: datetime) -> int:
    """Return for how many seconds nobody can be checked, 0 when there are places."""
    return max(_find_wait(connection, count, now) for count in counts)


def _find_wait(connection: Connection, count: Count, now: datetime) -> int:
    taken = _count(connection, count, now)
    if taken.all < count.limit.amount:
        return 0
    if taken.failed < count.limit.amount:
        return 1  # the others are being checked, and will be done in a moment
    frees_at = connection.execute(
        select(places.c.until)
        .where(places.c.owner == count.owner, places.c.until > now, places.c.failed)
        .order_by(places.c.until.desc())
        .offset(count.limit.amount - 1)
        .limit(1)
    ).scalar()
    # Who asks without having taken turns may find them forgotten in between.
    return max(1, math.ceil((frees_at - now).total_seconds())) if frees_at else 0


class _Taken(NamedTuple):
    """How many places are taken, and how many of them by failures."""

    all: int
    failed: int


def _count(connection: Connection, count: Count, now: datetime) -> _Taken:
    counted = select(func.count(), func.count(case((places.c.failed, 1)))).where(
        places.c.owner == count.owner, places.c.until > now
    )
    return _Taken(*connection.execute(counted).one())


def take(connection: Connection, attempt: str, counts: Counts, now: datetime) -> int:
    """Take a place for each count, or none; remove what is over.

    Args:
        connection: in a transaction.
        attempt: names the sign-in that is about to be checked.
        counts: that it counts for.
        now: in UTC.

    Returns:
        for how many seconds there is no place, 0 when it was taken.
    """
    _take_turns(connection, counts)
    wait = find_wait(connection, counts, now)
    if not wait:
        held = {"attempt": attempt, "failed": False, "until": now + HELD}
        connection.execute(insert(places), [{"owner": count.owner, **held} for count in counts])
        _remove_some(connection, now)
    return wait


def keep(connection: Connection, attempt: str, counts: Counts, now: datetime) -> list[str]:
    """Let a sign-in that failed keep its places, also when they were given away meanwhile.

    Returns:
        the kinds of which it took the last one that may fail.
    """
    _take_turns(connection, counts)
    give_back(connection, attempt)
    connection.execute(
        insert(places),
        [
            {
                "attempt": attempt,
                "owner": count.owner,
                "failed": True,
                "until": now + timedelta(seconds=count.limit.seconds),
            }
            for count in counts
        ],
    )
    return [
        count.kind
        for count in counts
        if _count(connection, count, now).failed == count.limit.amount
    ]


def forget(connection: Connection, attempt: str, account: Count) -> None:
    """Give back the places of a sign-in that succeeded, and those of the account's failures.

    The failures of the address stay; they may be of others.
    """
    _take_turn(connection, account)
    give_back(connection, attempt)
    connection.execute(delete(places).where(places.c.owner == account.owner, places.c.failed))


def give_back(connection: Connection, attempt: str) -> None:
    """Give back the places of a sign-in that was not checked to its end."""
    connection.execute(delete(places).where(places.c.attempt == attempt))


def _take_turns(connection: Connection, counts: Counts) -> None:
    for count in counts:
        _take_turn(connection, count)


def _take_turn(connection: Connection, count: Count) -> None:
    take_turn(connection, f"kyros sign-in {count.owner}")


def _remove_some(connection: Connection, now: datetime) -> None:
    """Remove places whose time is over, but those that somebody else is just removing."""
    over = (
        select(places.c.attempt, places.c.owner)
        .where(places.c.until <= now)
        .limit(_REMOVED_AT_ONCE)
        .with_for_update(skip_locked=True)  # left out in SQLite, where nobody else writes
    )
    connection.execute(delete(places).where(tuple_(places.c.attempt, places.c.owner).in_(over)))
