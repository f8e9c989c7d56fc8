"""How often somebody may fail to sign in."""

from __future__ import annotations

import asyncio
import logging
import uuid
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from kyros_api.auth import places
from kyros_api.auth.places import Count, Counts
from kyros_api.errors import TooManyRequestsError, UnavailableError
from kyros_api.metadata.engine import BUSY_TIMEOUT_MS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from sqlalchemy import Connection

    from kyros_api.auth.limit import Limit
    from kyros_api.metadata.database import Metadata

_log = logging.getLogger(__name__)
_PATIENCE = BUSY_TIMEOUT_MS / 1000  # seconds to wait for others here, before those elsewhere

P = ParamSpec("P")
T = TypeVar("T")


class SignInThrottle:
    """Refuses to check a sign-in when too many failed before it, here or in another replica.

    Failures are counted by account, whether or not there is such an account, and by address. A
    sign-in that is being checked holds a place as if it had failed, so that many at once get no
    further than one after the other. One that succeeds gives its place back and forgets the
    account's failures. The counts are in the metadata; while those take no writes, nobody is
    checked.

    Args:
        metadata: of the API.
        per_account: failures by email.
        per_address: failures by network address.
    """

    def __init__(self, metadata: Metadata, per_account: Limit, per_address: Limit) -> None:
        self._metadata = metadata
        self._writer = _Writer(metadata)
        self._per_account = per_account
        self._per_address = per_address

    @asynccontextmanager
    async def attempt(self, email: str, address: str) -> AsyncIterator[Attempt]:
        """Hold a place for one sign-in while it is checked; it counts when it says that it failed.

        Args:
            email: in lower case.
            address: as :func:`network_of` returns it.

        Raises:
            TooManyRequestsError: there is no place; nothing should be checked.
            SQLAlchemyError: the database is away, or somebody keeps it; likewise.
        """
        counts = Counts(
            Count.of("account", email, self._per_account),
            Count.of("address", address, self._per_address),
        )
        # Whoever goes on knocking is refused by a read: they must not keep others from writing.
        _refuse(await self._metadata.read(places.find_wait, counts, _now()))
        attempt = Attempt(self._writer, counts)
        _refuse(await self._writer.write(places.take, attempt.name, counts, _now()))
        try:
            yield attempt
        finally:
            await attempt.give_back_unless_decided()


def busy() -> UnavailableError:
    """Return the refusal of who comes when too many sign in."""
    return UnavailableError(
        "SIGN_IN_BUSY",
        "Too many people sign in at this moment; try again in a few seconds.",
        headers={"Retry-After": "2"},
    )


def _refuse(wait: int) -> None:
    if wait:
        raise TooManyRequestsError(
            "RATE_LIMITED",
            f"Too many failed sign-ins; try again in {wait} seconds.",
            {"retry_after": wait},
            headers={"Retry-After": str(wait)},
        )


class Attempt:
    """One sign-in that is being checked.

    It is answered only after its outcome was written: a guess whose failure cannot be counted
    must not learn that it was wrong.

    Attributes:
        name: no other has it.
    """

    def __init__(self, writer: _Writer, counts: Counts) -> None:
        self.name = uuid.uuid4().hex
        self._writer = writer
        self._counts = counts
        self._decided = False

    async def failed(self) -> list[str]:
        """Count a failure.

        Returns:
            what is refused from now on: "account", "address", both, or mostly nothing.

        Raises:
            SQLAlchemyError: it was not counted; its place stays taken for a minute.
        """
        self._decided = True
        return await self._writer.write(places.keep, self.name, self._counts, _now())

    async def succeeded(self) -> None:
        """Forget the account's failures; those of the address stay, they may be of others.

        Raises:
            SQLAlchemyError: they were not; its place stays taken for a minute.
        """
        self._decided = True
        await self._writer.write(places.forget, self.name, self._counts.account)

    async def give_back_unless_decided(self) -> None:
        """Give the place back when the sign-in broke off: that is no failure of the person."""
        if self._decided:
            return
        try:
            await self._writer.write(places.give_back, self.name)
        except (SQLAlchemyError, UnavailableError) as fault:  # it ends in a minute
            _log.warning("a sign-in's place was not given back: %s", type(fault).__name__)


class _Writer:
    """Writes for one sign-in after the other.

    Many at once would wait for the same rows, or SQLite's one writer, in as many threads; SQLite
    lets whoever waits try again now and then, so that some of them would never get there.
    """

    def __init__(self, metadata: Metadata) -> None:
        self._metadata = metadata
        self._turn = asyncio.Lock()

    async def write(
        self, change: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function in one transaction when it is its turn.

        Raises:
            UnavailableError: it was not for too long.
            SQLAlchemyError: the database is away, or somebody else kept it.
        """
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._turn.acquire()
        except TimeoutError:
            raise busy() from None
        try:
            return await self._metadata.write(change, *args, **kwargs)
        finally:
            self._turn.release()


def _now() -> datetime:
    return datetime.now(UTC)


def network_of(host: str | None) -> str:
    """Return whom an address is counted for.

    Whoever has one IPv6 address has the whole /64 around it, so that is one. What is no address at
    all, as a proxy may pass on, is one as well.
    """
    try:
        address = ip_address(host or "")
    except ValueError:
        return "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Network((int(address) >> 64 << 64, 64)))
