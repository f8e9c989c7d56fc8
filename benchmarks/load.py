"""A load generator: one request, over and over, on a number of connections that stay open.

It speaks just enough HTTP/1.1 for that, in some hundredths of a millisecond a request: a client
library would take longer than the server that is measured.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from statistics import quantiles


@dataclass(frozen=True)
class Request:
    """What is sent.

    Attributes:
        method: of HTTP.
        path: with its query.
        headers: besides Host and Content-Length.
        body: empty for none.
    """

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def encoded(self, port: int) -> bytes:
        """Return the bytes on the wire."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.body:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True)
class Measured:
    """What came of it.

    Attributes:
        per_second: answers.
        median: seconds until an answer was complete.
        p99: seconds within which 99 of 100 were.
    """

    per_second: float
    median: float
    p99: float


# Enough for what is measured here: nothing else that is sent ends so in the middle of an answer.
_LAST_CHUNK = b"\r\n0\r\n\r\n"


class _Connection(asyncio.Protocol):
    """Sends the next request when an answer is complete, until told to stop."""

    def __init__(self, request: bytes, latencies: list[float]) -> None:
        self._request = request
        self._latencies = latencies
        self._buffer = b""
        self._missing = 0
        self._chunked = False
        self._sent = 0.0
        self.running = True
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        if self._missing:
            self._missing -= len(data)
        elif self._chunked:
            self._buffer = self._buffer[-len(_LAST_CHUNK) :] + data
            self._chunked = not self._buffer.endswith(_LAST_CHUNK)
        else:
            self._buffer += data
            if not self._read_head():
                return
        if self._missing == 0 and not self._chunked:
            self._buffer = b""
            self._latencies.append(time.perf_counter() - self._sent)
            self._send()

    def _read_head(self) -> bool:
        """Learn how much is still to come; returns whether the head is complete."""
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return False
        head = head.lower()
        if not head.startswith(b"http/1.1 200"):
            self._fail(RuntimeError(f"not a 200: {self._buffer[:500]!r}"))
            return False
        self._buffer = body
        if b"content-length:" in head:
            length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
            self._missing = length - len(body)
        else:
            self._chunked = not body.endswith(_LAST_CHUNK)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(exc or ConnectionError("the server closed the connection"))

    def _send(self) -> None:
        if self.running:
            self._sent = time.perf_counter()
            self._transport.write(self._request)
        elif not self.done.done():
            self.done.set_result(None)
            self._transport.close()

    def _fail(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)


async def run(port: int, request: Request, *, connections: int, seconds: float) -> Measured:
    """Load a server on loopback, and say how it did.

    Raises:
        RuntimeError: an answer was not 200.
        ConnectionError: the server went away.
    """
    latencies: list[float] = []
    loop = asyncio.get_running_loop()
    encoded = request.encoded(port)
    opened = [
        (await loop.create_connection(lambda: _Connection(encoded, latencies), "127.0.0.1", port))[
            1
        ]
        for _ in range(connections)
    ]
    began = time.perf_counter()
    latencies.clear()
    done, _ = await asyncio.wait(
        [connection.done for connection in opened],
        timeout=seconds,
        return_when=asyncio.FIRST_EXCEPTION,
    )
    for failed in done:
        failed.result()
    answers, elapsed = list(latencies), time.perf_counter() - began
    for connection in opened:
        connection.running = False
    await asyncio.gather(*(connection.done for connection in opened))
    percentiles = quantiles(answers, n=100)
    return Measured(len(answers) / elapsed, percentiles[49], percentiles[98])
