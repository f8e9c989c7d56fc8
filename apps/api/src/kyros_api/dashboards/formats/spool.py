"""Bytes between the one who makes them and the one who takes them.

They are made as fast as can be and wait on disk for the client to take them: a client that is slow
would hold the memory of an open query, and a query of somebody else that needs it would break the
answer in the middle.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import anyio
from starlette.concurrency import run_in_threadpool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator
    from contextlib import AbstractAsyncContextManager

_PIECE = 1 << 18


class Spool:
    """A file without a name that a thread fills with chunks, read while it grows.

    Args:
        chunks: what to fill it with; closed in the end, in the same thread.
        interrupt: makes the one that makes the chunks stop with an error.
        turn: entered while they are made.
    """

    def __init__(
        self,
        chunks: Generator[bytes],
        interrupt: Callable[[], None],
        turn: AbstractAsyncContextManager[None],
    ) -> None:
        self._chunks = chunks
        self._interrupt = interrupt
        self._file = TemporaryFile()  # noqa: SIM115 - closed by close
        self._size = 0
        self._count = 0
        self._stopped = False
        self._loop = asyncio.get_running_loop()
        self._grown = asyncio.Event()
        self._made = asyncio.create_task(self._make(turn))
        self._made.add_done_callback(lambda _task: self._grown.set())

    async def begin(self, chunks: int) -> None:
        """Wait until so many chunks are made, or all.

        Raises:
            Exception: whatever went wrong until then.
        """
        while self._count < chunks and not self._made.done():
            self._grown.clear()
            await self._grown.wait()
        if self._made.done():
            self._made.result()

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield what is made, bit by bit, as soon as it is.

        Raises:
            Exception: whatever went wrong in making it.
        """
        sent = 0
        while sent < self._size or not self._made.done():
            self._grown.clear()
            if sent == self._size and not self._made.done():
                await self._grown.wait()
            elif sent < self._size:
                piece = await run_in_threadpool(os.pread, self._file.fileno(), _PIECE, sent)
                sent += len(piece)
                yield piece
        self._made.result()

    async def close(self) -> None:
        """Stop making what nobody wants any more, and let go of everything."""
        with anyio.CancelScope(shield=True):
            if not self._made.done():
                self._stopped = True
                self._interrupt()
            with suppress(Exception):
                await self._made
            self._file.close()

    async def _make(self, turn: AbstractAsyncContextManager[None]) -> None:
        async with turn:
            await run_in_threadpool(self._fill)

    def _fill(self) -> None:
        try:
            for chunk in self._chunks:
                if self._stopped:
                    break
                self._file.write(chunk)
                self._file.flush()
                self._size += len(chunk)
                self._count += 1
                self._loop.call_soon_threadsafe(self._grown.set)
        finally:
            self._chunks.close()
