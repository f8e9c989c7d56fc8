"""Rows as an Arrow IPC stream, each column in its own type.

DuckDB hands its rows over by Arrow's C interface and nanoarrow writes them: neither needs pyarrow,
which is bigger than all the rest of the API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nanoarrow.c_array_stream import CArrayStream, c_array_stream
from nanoarrow.ipc import StreamWriter

if TYPE_CHECKING:
    from collections.abc import Generator

    from kyros_api.dashboards.rows import RowPlan
    from kyros_api.storage.tenant_data import Reader

_END = b"\xff\xff\xff\xff\x00\x00\x00\x00"  # of a stream: a message of no length


def arrow_chunks(plan: RowPlan, reader: Reader) -> Generator[bytes]:
    """Yield the schema, then a batch of rows at a time, then the end of the stream."""
    with c_array_stream(reader.arrow(plan.page, plan.values)) as stream:
        no_rows = CArrayStream.from_c_arrays([], stream.get_schema(), move=False)
        yield from _encode(no_rows, write_schema=True)
        for rows in stream:
            yield from _encode(rows, write_schema=False)
            del rows  # or it would be held while the next one is made
    yield _END


def _encode(rows: Any, *, write_schema: bool) -> list[bytes]:  # noqa: ANN401 - nanoarrow has no types
    """Write by a writer that is let go: it holds twice the memory of what it wrote last."""
    written = _Written()
    writer = StreamWriter.from_writable(written)
    writer.write_stream(rows, write_schema=write_schema)
    writer.release()
    return written.parts


class _Written:
    """Keeps what is written as it comes: a batch of wide rows takes some 50 MB, once is enough."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, part: memoryview) -> int:
        self.parts.append(bytes(part))
        return len(part)
