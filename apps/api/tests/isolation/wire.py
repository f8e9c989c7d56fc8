"""A request as bytes on the wire, and the answer to it, without a client that tidies either.

The application is called by its own protocol (ASGI), with paths exactly as they were written:
an HTTP client would have straightened out ``..`` and ``//`` before the server saw them.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    Message = MutableMapping[str, Any]
    App = Callable[
        [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
        Awaitable[None],
    ]

_SIGNATURE = re.compile(r"(eyJ[\w-]*\.[\w-]*)\.[\w-]*")


@dataclass(frozen=True)
class Request:
    """A request, as a client writes it.

    Attributes:
        path: percent-encoded, without the query.
        query: percent-encoded, without the question mark.
    """

    method: str
    path: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def with_headers(self, *headers: tuple[str, str]) -> Request:
        """Return the request with more headers; one of the same name does not go."""
        return replace(self, headers=(*self.headers, *headers))

    def with_query(self, text: str) -> Request:
        """Return the request with more of a query."""
        return replace(self, query=f"{self.query}&{text}" if self.query else text)

    def with_json(self, content: object) -> Request:
        """Return the request with this body and its type."""
        typed = (*(h for h in self.headers if h[0] != "Content-Type"), JSON)
        return replace(self, body=json.dumps(content).encode(), headers=typed)

    def sent(self) -> bytes:
        """Return all that the client wrote, as written and decoded."""
        written = "\n".join([self.path, self.query, *(f"{k}: {v}" for k, v in self.headers)])
        return b"\n".join([written.encode(), unquote(written).encode(), self.body]).lower()

    def __str__(self) -> str:
        """Write it so that it can be repeated; a token's signature is left out."""
        address = f"{self.path}?{self.query}" if self.query else self.path
        parts = [f"{self.method} {address}", *(f"{name}: {value}" for name, value in self.headers)]
        if self.body:
            parts.append(f"body {self.body.decode(errors='replace')}")
        return _SIGNATURE.sub(r"\1.<signature>", " | ".join(parts))


JSON = ("Content-Type", "application/json")
FORM = ("Content-Type", "application/x-www-form-urlencoded")


@dataclass(frozen=True)
class Answer:
    """What came back, decompressed."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def header(self, name: str) -> str:
        """Return a header's value, empty when it is not there."""
        wanted = name.lower().encode()
        return next((v.decode("latin-1") for k, v in self.headers if k.lower() == wanted), "")

    @property
    def code(self) -> str:
        """Return the error's code, empty where the body is not in the error form."""
        try:
            return str(json.loads(self.body)["error"]["code"])
        except (ValueError, TypeError, KeyError):
            return ""


async def send(app: App, request: Request) -> Answer:
    """Call the application with a request and return its whole answer."""
    given = [{"type": "http.request", "body": request.body, "more_body": False}]
    start: Message = {}
    chunks: list[bytes] = []

    async def receive() -> Message:
        return given.pop() if given else {"type": "http.disconnect"}

    async def collect(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            chunks.append(message.get("body", b""))

    await app(_scope(request), receive, collect)
    headers = tuple((bytes(name), bytes(value)) for name, value in start.get("headers", ()))
    return decoded(Answer(start["status"], headers, b"".join(chunks)))


def _scope(request: Request) -> Message:
    headers = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in request.headers]
    if not any(name == b"host" for name, _ in headers):
        headers.append((b"host", b"api.kyros.example"))
    if request.body:
        headers.append((b"content-length", str(len(request.body)).encode()))
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote_to_bytes(request.path).decode("utf-8", "replace"),
        "raw_path": request.path.encode("ascii"),
        "query_string": request.query.encode("ascii"),
        "root_path": "",
        "headers": headers,
        "client": ("192.0.2.10", 40000),
        "server": ("api.kyros.example", 80),
        "state": {},
    }


def decoded(answer: Answer) -> Answer:
    """Undo the answer's compression, so that nothing can hide in it.

    Raises:
        AssertionError: it is compressed in a way that the proof cannot read.
    """
    match answer.header("content-encoding"):
        case "" | "identity":
            return answer
        case "gzip" if answer.body:
            return replace(answer, body=gzip.decompress(answer.body))
        case "deflate" if answer.body:
            return replace(answer, body=zlib.decompress(answer.body))
        case "gzip" | "deflate":
            return answer
        case other:
            raise AssertionError(
                f"an answer is compressed with {other!r}: teach `decoded` in wire.py to read it"
            )
