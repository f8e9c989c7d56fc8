"""An answer that is made while it is sent, and ends when the client has gone."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from kyros_api.dashboards.formats.arrow_stream import arrow_chunks
from kyros_api.dashboards.formats.csv_lines import csv_chunks
from kyros_api.dashboards.formats.negotiation import Format
from kyros_api.dashboards.formats.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from starlette.types import Message, Receive, Scope, Send

    from kyros_api.dashboards.formats.downloads import Downloads
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
_MANY_ROWS = 10_000  # more may take much memory while they are made
PATIENCE = 60.0  # seconds that a client may take for a piece


async def stream_rows(plan: RowPlan, form: Format, downloads: Downloads) -> StreamingResponse:
    """Answer with rows bit by bit; what goes wrong before the first of them is still an error.

    Raises:
        UnavailableError: too many big answers are being made.
    """
    total = await run_in_threadpool(plan.total)
    turn = downloads.turn(plan.tenant_id) if plan.limit > _MANY_ROWS else nullcontext()
    reader = plan.folder.reader()
    spool = Spool(_closing(_CHUNKS[form](plan, reader), reader), reader.interrupt, turn)
    try:
        await spool.begin(2)  # the head of the format, and the first rows
    except BaseException:
        await spool.close()
        raise
    content_type, suffix = _CONTENT[form]
    headers = {
        "Content-Type": content_type,
        "Content-Disposition": f'attachment; filename="{plan.dashboard_slug}.{suffix}"',
        "X-Total-Count": str(total),
        "Vary": "Accept",
    }
    return _RowStream(spool, headers)


def _closing(chunks: Generator[bytes], reader: Reader) -> Generator[bytes]:
    try:
        yield from chunks
    finally:
        reader.close()


class _RowStream(StreamingResponse):
    """Sends what is made until that is all, or the client takes no more."""

    def __init__(self, spool: Spool, headers: dict[str, str]) -> None:
        self._spool = spool
        super().__init__(spool.pieces(), headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(PATIENCE):
                await send(message)

        try:
            await super().__call__(scope, receive, send_in_time)
        finally:
            await self._spool.close()
