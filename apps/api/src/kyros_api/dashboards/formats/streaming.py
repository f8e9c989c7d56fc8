"""An answer that is made while it is sent, and ends when the client has gone."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from kyros_api.dashboards.formats.arrow_stream import arrow_chunks
from kyros_api.dashboards.formats.csv_lines import csv_chunks
from kyros_api.dashboards.formats.negotiation import Format

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator

    from starlette.types import Receive, Scope, Send

    from kyros_api.dashboards.rows import RowPlan
    from kyros_api.storage.tenant_data import Reader

_CHUNKS: dict[Format, Callable[[RowPlan, Reader], Generator[bytes]]] = {
    Format.CSV: csv_chunks,
    Format.ARROW: arrow_chunks,
}
_CONTENT = {
    Format.CSV: ("text/csv; charset=utf-8; header=present", "csv"),
    Format.ARROW: (Format.ARROW.media_type, "arrows"),
}


async def stream_rows(plan: RowPlan, form: Format) -> StreamingResponse:
    """Answer with rows bit by bit; what goes wrong before the first of them is still an error."""
    total = await run_in_threadpool(plan.total)
    source = _Source(plan, form)
    head = await source.pull() + await source.pull()  # what there is before any row, and the first
    content_type, suffix = _CONTENT[form]
    headers = {
        "Content-Type": content_type,
        "Content-Disposition": f'attachment; filename="{plan.dashboard_slug}.{suffix}"',
        "X-Total-Count": str(total),
        "Vary": "Accept",
    }
    return _RowStream(head, source, headers)


class _Source:
    """Chunks made one at a time by a worker thread, only when there is room for them."""

    def __init__(self, plan: RowPlan, form: Format) -> None:
        self._reader = plan.folder.reader()
        self._chunks = _CHUNKS[form](plan, self._reader)

    async def pull(self) -> bytes:
        """Return the next chunk; none is empty but the end."""
        work = asyncio.get_running_loop().run_in_executor(None, partial(next, self._chunks, b""))
        try:
            return await asyncio.shield(work)
        except BaseException:
            # The query has failed, or nobody waits for it any more. It must be out of its thread
            # before it can be closed.
            self._reader.interrupt()
            with anyio.CancelScope(shield=True):
                await asyncio.wait([work])
            await self.close()
            raise

    async def close(self) -> None:
        """Free what the query holds."""
        with anyio.CancelScope(shield=True):
            await run_in_threadpool(self._close)

    def _close(self) -> None:
        self._chunks.close()
        self._reader.close()


class _RowStream(StreamingResponse):
    """Sends chunks until there are none or the client has gone, and closes their source."""

    def __init__(self, head: bytes, source: _Source, headers: dict[str, str]) -> None:
        self._source = source
        super().__init__(self._from(head), headers=headers)

    async def _from(self, chunk: bytes) -> AsyncIterator[bytes]:
        while chunk:
            yield chunk
            chunk = await self._source.pull()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._source.close()
