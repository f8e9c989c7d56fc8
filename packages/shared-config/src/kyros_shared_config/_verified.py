"""Tokens that were found good, so that the next request with the same one is quick."""

from __future__ import annotations

import time
from typing import Generic, TypeVar

CAPACITY = 4096  # tokens of each kind
ClaimsT = TypeVar("ClaimsT")


class VerifiedTokens(Generic[ClaimsT]):
    """Tokens of one kind whose signature and claims were found good, until they expire.

    A dashboard sends the same token with each of its many requests, and the same token with the
    same keys is as good the next time. Only its time can run out: that is looked at each time.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[ClaimsT, int]] = {}

    def __len__(self) -> int:
        return len(self._known)

    def get(self, token: str) -> ClaimsT | None:
        """Return what a known token says, None when it must be looked at."""
        claims, expires = self._known.get(token, (None, 0))
        return claims if time.time() < expires else None

    def put(self, token: str, claims: ClaimsT, expires: int) -> ClaimsT:
        """Remember a token that was found good; return what it says.

        Args:
            token: as it came.
            claims: what it says.
            expires: when its time is over, in seconds since the epoch.
        """
        if len(self._known) >= CAPACITY:
            self._known.clear()
        self._known[token] = claims, expires
        return claims
