"""Rows as an Arrow IPC stream, each column in its own type.

DuckDB hands its rows over by Arrow's C interface and nanoarrow writes them: neither needs pyarrow,
which is bigger than all the rest of the API.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from nanoarrow.c_array_stream import CArrayStream, c_array_stream
from nanoarrow.ipc import StreamWriter

if TYPE_CHECKING:
    from collections.abc import Generator

    from kyros_api.dashboards.rows import RowPlan
    from kyros_api.storage.tenant_data import Reader


def arrow_chunks(plan: RowPlan, reader: Reader) -> Generator[bytes]:
    """Yield the schema, then a batch of rows at a time, then the end of the stream."""
    buffer = io.BytesIO()
    rows = reader.arrow(plan.page, plan.values)
    with c_array_stream(rows) as stream, StreamWriter.from_writable(buffer) as writer:
        writer.write_stream(CArrayStream.from_c_arrays([], stream.get_schema(), move=False))
        yield _take(buffer)
        for batch in stream:
            writer.write_array(batch)
            yield _take(buffer)
    yield _take(buffer)


def _take(buffer: io.BytesIO) -> bytes:
    chunk = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return chunk
