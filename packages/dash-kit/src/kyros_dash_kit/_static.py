"""Static files: compressed once a process, cached by browsers for good, the same for everybody.

The bundle of plotly.js is 4.8 MB; Dash would read it from disk, and a middleware compress it,
anew for each request. The compressed bytes of what a page loads are about 2 MB.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dash.fingerprint import check_fingerprint
from starlette.datastructures import Headers
from starlette.responses import Response

from kyros_shared_config import error_body, send_json

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from kyros_shared_config import CacheMetrics

_OK = 200
_IMMUTABLE = "public, max-age=31536000, immutable"
_REVALIDATE = "no-cache"
_ASSETS = "/assets/"
_COMPRESSED = ("text/", "application/javascript", "application/json", "image/svg")
_COMMON_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Accept-Encoding",
}


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    is_gzip: bool
    media_type: str
    etag: str


class StaticCache:
    """Answers for static files from memory, asking the application once for each.

    Its size is bounded by the files that exist: what the application does not know is not kept,
    and the fingerprint in a name is not part of the key, so that nobody can fill it.

    Args:
        app: knows the files.
        metrics: counts what was in memory.
        keep_assets: whether to keep our own files as well as those of packages; not in
            development, where they change.
    """

    def __init__(self, app: ASGIApp, *, metrics: CacheMetrics, keep_assets: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._keep_assets = keep_assets
        self._files: dict[str, _File] = {}
        self._lock = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = await self._file(scope, receive)
        if file is None:
            await send_json(send, 404, error_body("NOT_FOUND", "There is no such file."))
            return
        await _answer(file, scope)(scope, receive, send)

    async def _file(self, scope: Scope, receive: Receive) -> _File | None:
        path, _ = _without_fingerprint(scope["path"])
        async with self._lock:  # the second asker of a large file waits for the first's
            if path in self._files:
                self._metrics.hit()
                return self._files[path]
            self._metrics.miss()
            file = await _load(self._app, scope, receive)
            if file and (self._keep_assets or _ASSETS not in path):
                self._files[path] = file
            return file


def _answer(file: _File, scope: Scope) -> Response:
    asked = Headers(scope=scope)
    # ?m= is an asset's time of change, ?v= the version of Dash that the icon comes with.
    fingerprinted = _without_fingerprint(scope["path"])[1] or scope["query_string"].startswith(
        (b"m=", b"v=")
    )
    headers = {
        **_COMMON_HEADERS,
        "ETag": file.etag,
        "Cache-Control": _IMMUTABLE if fingerprinted else _REVALIDATE,
    }
    if file.etag in asked.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if not file.is_gzip:
        return Response(file.body, media_type=file.media_type, headers=headers)
    if "gzip" not in asked.get("accept-encoding", ""):
        return Response(gzip.decompress(file.body), media_type=file.media_type, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(file.body, media_type=file.media_type, headers=headers)


def _without_fingerprint(path: str) -> tuple[str, bool]:
    """Return the path as it is on disk, and whether it had a fingerprint."""
    plain, had_one = check_fingerprint(path)  # type: ignore[no-untyped-call]
    return str(plain), bool(had_one)


async def _load(app: ASGIApp, scope: Scope, receive: Receive) -> _File | None:
    """Ask the application for the whole file, plain; None when it has none."""
    status, media_type, parts = 0, "", []

    async def collect(message: Message) -> None:
        nonlocal status, media_type
        if message["type"] == "http.response.start":
            status = message["status"]
            media_type = Headers(raw=message["headers"]).get("content-type", "")
        else:
            parts.append(message.get("body", b""))

    await app({**scope, "headers": []}, receive, collect)
    if status != _OK:
        return None
    return await asyncio.to_thread(_compressed, b"".join(parts), media_type)


def _compressed(body: bytes, media_type: str) -> _File:
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    if not media_type.startswith(_COMPRESSED):
        return _File(body, is_gzip=False, media_type=media_type, etag=etag)
    return _File(gzip.compress(body, 7, mtime=0), is_gzip=True, media_type=media_type, etag=etag)
