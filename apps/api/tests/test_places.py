"""The places of sign-ins: two throttles on one database, as two replicas have them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from kyros_api.auth.limit import Limit
from kyros_api.auth.places import Count, Counts, take
from kyros_api.auth.throttle import SignInThrottle
from kyros_api.errors import TooManyRequestsError
from kyros_api.metadata.database import open_metadata
from kyros_api.metadata.tables import sign_in_places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api_stage import Clock
    from database_stage import Database
    from sqlalchemy import Engine

pytestmark = pytest.mark.databases

ADMIN, ANALYST = "admin@acme.com", "analyst@acme.com"
HERE, THERE = "192.0.2.1", "198.51.100.7"


@pytest.fixture
def replica(database: Database, clock: Clock) -> Iterator[Callable[..., SignInThrottle]]:
    """Return what makes a replica's throttle, which looks back a quarter of an hour."""
    del clock  # stopped before any of them looks at it
    opened = []

    def make(account: int = 3, address: int = 100) -> SignInThrottle:
        metadata = open_metadata(database.location)
        opened.append(metadata)
        return SignInThrottle(metadata, Limit(account, 900), Limit(address, 900))

    yield make
    for metadata in opened:
        metadata.close()


async def refused_for(throttle: SignInThrottle, email: str = ADMIN, address: str = HERE) -> int:
    """Return for how many seconds a sign-in is refused, 0 when it is not."""
    try:
        async with throttle.attempt(email, address):
            return 0
    except TooManyRequestsError as error:
        return int(error.headers["Retry-After"])


async def fail(throttle: SignInThrottle, email: str = ADMIN, address: str = HERE) -> list[str]:
    """Fail once; return what is refused from then on."""
    async with throttle.attempt(email, address) as attempt:
        return await attempt.failed()


def rows(database: Database) -> int:
    """Return how many places are written down."""
    return int(database.rows("SELECT count(*) FROM sign_in_places")[0][0])


async def test_counted_together(replica: Callable[..., SignInThrottle], clock: Clock) -> None:
    """What fails in either counts in both; the last one alone says what is refused from then on."""
    one, other = replica(3, 5), replica(3, 5)
    said = []
    for throttle in (one, other, one):
        said.append(await fail(throttle))
        clock.forward(10)
    assert [[], [], ["account"]] == said
    assert [870, 870] == [await refused_for(each) for each in (one, other)]
    assert [[], ["address"]] == [await fail(each, ANALYST) for each in (one, other)]
    assert [870, 870] == [await refused_for(each, "new@acme.com") for each in (one, other)]
    assert 0 == await refused_for(other, "new@acme.com", THERE)


async def test_a_success_forgets_everywhere(replica: Callable[..., SignInThrottle]) -> None:
    """Getting in at one forgets what failed at the other: of the account, not of the address."""
    one, other = replica(2, 3), replica(2, 3)
    await fail(one)
    async with other.attempt(ADMIN, HERE) as attempt:
        await attempt.succeeded()
    assert [[], ["account", "address"]] == [await fail(one), await fail(one)]


async def test_many_at_once(replica: Callable[..., SignInThrottle], database: Database) -> None:
    """Of many that come to both at the same time no more get a place than may fail."""
    replicas = replica(5, 8), replica(5, 8)
    free, moved = asyncio.Event(), asyncio.Event()
    waits: list[int] = []

    async def come(throttle: SignInThrottle, email: str) -> None:
        try:
            async with throttle.attempt(email, HERE) as attempt:
                waits.append(0)
                moved.set()
                await free.wait()
                await attempt.failed()
        except TooManyRequestsError as error:
            waits.append(int(error.headers["Retry-After"]))
            moved.set()

    comers = [(each, email) for each in replicas for email in (ADMIN, ANALYST) for _ in range(6)]
    async with asyncio.TaskGroup() as tasks:
        for comer in comers:
            tasks.create_task(come(*comer))
        while len(waits) < len(comers):
            moved.clear()
            await moved.wait()
        free.set()
    assert [0] * 8 + [1] * 16 == sorted(waits)
    assert 16 == rows(database)


async def test_being_checked_holds_a_place(replica: Callable[..., SignInThrottle]) -> None:
    """While as many as may fail are being checked, one more is told to wait a second."""
    one, other = replica(2), replica(2)
    async with one.attempt(ADMIN, HERE), other.attempt(ADMIN, THERE):
        assert [1, 1] == [await refused_for(each) for each in (one, other)]
        assert 0 == await refused_for(one, ANALYST)
    assert [0, 0] == [await refused_for(each) for each in (one, other)]


async def test_a_fault_gives_the_place_back(replica: Callable[..., SignInThrottle]) -> None:
    """A sign-in that broke off is no failure of the person."""
    throttle = replica(1, 1)
    with pytest.raises(RuntimeError):
        async with throttle.attempt(ADMIN, HERE):
            raise RuntimeError
    assert 0 == await refused_for(throttle)
    assert ["account", "address"] == await fail(throttle)
    assert 900 == await refused_for(throttle)


async def test_a_killed_replica(
    replica: Callable[..., SignInThrottle], clock: Clock, engine: Engine
) -> None:
    """The place of a process that was killed while it checked is free a minute later."""
    counts = Counts(
        Count.of("account", ADMIN, Limit(1, 900)), Count.of("address", HERE, Limit(100, 900))
    )
    with engine.begin() as connection:
        assert 0 == take(connection, "killed", counts, clock.now)
    other = replica(1)
    clock.forward(59)
    assert 1 == await refused_for(other)
    clock.forward(1)
    assert 0 == await refused_for(other)


async def test_a_slow_check_counts(replica: Callable[..., SignInThrottle], clock: Clock) -> None:
    """A failure counts also when checking took so long that its place was given away meanwhile."""
    slow, other = replica(1), replica(1)
    async with slow.attempt(ADMIN, HERE) as attempt:
        clock.forward(61)
        assert 0 == await refused_for(other)
        assert ["account"] == await attempt.failed()
    assert 900 == await refused_for(other)


async def test_kinds_are_apart(replica: Callable[..., SignInThrottle]) -> None:
    """An account cannot be used up under the name of an address, nor the reverse."""
    throttle = replica(1, 1)
    await fail(throttle, THERE, ADMIN)
    assert 0 == await refused_for(throttle, ADMIN, THERE)


async def test_nothing_is_left(
    replica: Callable[..., SignInThrottle], clock: Clock, database: Database, engine: Engine
) -> None:
    """What is over is removed by those who come later: an attacker cannot fill the database."""
    until = clock.now + timedelta(seconds=900)
    with engine.begin() as connection:
        guesses = [
            {"attempt": f"{number}", "owner": f"{number}", "failed": True, "until": until}
            for number in range(300)
        ]
        connection.execute(insert(sign_in_places), guesses)
    throttle = replica()
    await fail(throttle)
    assert 302 == rows(database)
    clock.forward(900)
    sizes = []
    for _ in range(4):
        assert 0 == await refused_for(throttle)
        sizes.append(rows(database))
    assert [202, 102, 2, 0] == sizes


async def test_no_names(replica: Callable[..., SignInThrottle], database: Database) -> None:
    """The table says of nobody that they, or from where they, tried to sign in."""
    await fail(replica())
    kept = repr(database.execute("SELECT * FROM sign_in_places"))
    assert 2 == kept.count("'owner'")
    assert not [name for name in (ADMIN, "acme", HERE) if name in kept]
