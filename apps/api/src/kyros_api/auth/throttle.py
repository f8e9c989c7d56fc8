"""How often somebody may fail to sign in."""

from __future__ import annotations

import math
import time
from collections import Counter
from contextlib import contextmanager
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, NamedTuple

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from kyros_api.errors import TooManyRequestsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kyros_api.auth.limit import Limit

_FEW_KEYS = 1000  # no need to look for idle ones among so few


class _Count(NamedTuple):
    """One of the things that failures are counted by: an account, or an address."""

    kind: str
    key: str
    limit: RateLimitItemPerSecond


class SignInThrottle:
    """Refuses to check a sign-in when too many failed before it.

    Failures are counted by account, whether or not there is such an account, and by address. A
    sign-in that is being checked holds a place as if it had failed, so that many at once get no
    further than one after the other. One that succeeds gives its place back and forgets the
    account's failures.

    The counts are in the memory of this process. Restarting it forgets them, and where several
    processes or replicas serve the API each counts only what reaches it: together they allow as
    many times the limit as there are of them.

    Args:
        per_account: failures by email.
        per_address: failures by network address.
    """

    def __init__(self, per_account: Limit, per_address: Limit) -> None:
        self._per_account = RateLimitItemPerSecond(*per_account)
        self._per_address = RateLimitItemPerSecond(*per_address)
        self._failures = _Failures()
        self._being_checked: Counter[_Count] = Counter()

    def __len__(self) -> int:
        """Return how many accounts and addresses are remembered."""
        return len(self._failures)

    @contextmanager
    def attempt(self, email: str, address: str) -> Iterator[Attempt]:
        """Hold a place for one sign-in while it is checked; it counts when it says that it failed.

        Args:
            email: in lower case.
            address: as :func:`network_of` returns it.

        Raises:
            TooManyRequestsError: there is no place; nothing should be checked.
        """
        counts = (
            _Count("account", email, self._per_account),
            _Count("address", address, self._per_address),
        )
        wait = max(self._failures.wait(count, self._being_checked[count]) for count in counts)
        if wait:
            raise TooManyRequestsError(
                "RATE_LIMITED",
                f"Too many failed sign-ins; try again in {wait} seconds.",
                {"retry_after": wait},
                headers={"Retry-After": str(wait)},
            )
        self._being_checked.update(counts)
        try:
            yield Attempt(self._failures, counts)
        finally:
            self._being_checked.subtract(counts)
            for count in counts:
                if not self._being_checked[count]:
                    del self._being_checked[count]


class Attempt:
    """One sign-in that is being checked."""

    def __init__(self, failures: _Failures, counts: tuple[_Count, ...]) -> None:
        self._failures = failures
        self._counts = counts

    def failed(self) -> list[str]:
        """Count a failure.

        Returns:
            what is refused from now on: "account", "address", both, or mostly nothing.
        """
        return [count.kind for count in self._counts if self._failures.add(count)]

    def succeeded(self) -> None:
        """Forget the account's failures; those of the address stay, they may be of others."""
        self._failures.forget(self._counts[0])


class _Failures:
    """The failures of each account and address that a limit still looks back to."""

    def __init__(self) -> None:
        self._storage = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._look_for_idle_at = _FEW_KEYS

    def __len__(self) -> int:
        return len(self._storage.events)

    def wait(self, count: _Count, being_checked: int) -> int:
        """Return for how many seconds no more can be checked, 0 when one can."""
        now = time.time()
        frees_at, left = self._limiter.get_window_stats(count.limit, count.kind, count.key)
        if left > being_checked:
            return 0
        # With failures left, the places are taken by sign-ins that will be done in a moment.
        return 1 if left else max(1, math.ceil(frees_at - now))

    def add(self, count: _Count) -> bool:
        """Count one, and return whether it was the last that was allowed."""
        self._drop_idle()
        self._limiter.hit(count.limit, count.kind, count.key)
        return not self._limiter.test(count.limit, count.kind, count.key)

    def forget(self, count: _Count) -> None:
        """Forget all."""
        key = count.limit.key_for(count.kind, count.key)
        with self._storage.locks[key]:  # the storage's own thread may be trimming it
            self._storage.clear(key)

    def _drop_idle(self) -> None:
        """Drop keys whose failures are all over: the storage empties them, but keeps them."""
        events = self._storage.events
        if len(events) < self._look_for_idle_at:
            return
        for key in [key for key, failures in list(events.items()) if not failures]:
            self._storage.clear(key)
        self._look_for_idle_at = max(_FEW_KEYS, 2 * len(events))


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
