"""Whose big answer is made next."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from kyros_api.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PATIENCE = 30.0


class Downloads:
    """Has big answers made one after the other, the tenants by turns.

    One takes a second or two and most of the memory that DuckDB may have; two at once would take
    no less time. How long the client takes to receive it does not matter.

    Args:
        patience: seconds that one waits for its turn.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._one = asyncio.Lock()
        # Of each tenant one waits for the lock above, so that it is not behind ten of another.
        self._of_tenant: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, tenant_id: str) -> AsyncIterator[None]:
        """Wait for the tenant's turn, and take it.

        Raises:
            UnavailableError: it did not come in time.
        """
        of_tenant = self._of_tenant.setdefault(tenant_id, asyncio.Lock())
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(self._patience):
                    await held.enter_async_context(of_tenant)
                    await held.enter_async_context(self._one)
            except TimeoutError as error:
                raise UnavailableError(
                    "TOO_MANY_DOWNLOADS",
                    "Too many big downloads are asked for at once: try again in a moment.",
                    headers={"Retry-After": "5"},
                ) from error
            yield
