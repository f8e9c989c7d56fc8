"""Finding other tenants' data in an answer, wherever in it.

The whole answer is searched: every header, the decompressed body, and what is inside tokens in
it. Three kinds of find count:

- a tenant's word or number, as text or as the binary value that Arrow writes: always;
- an id, slug or email of a tenant or its people, where the request did not hold it itself: an
  error may repeat what it was asked;
- a token for a tenant that the caller has no access to: always.
"""

from __future__ import annotations

import base64
import json
import re
import struct
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from isolation.wire import Answer, Request
    from isolation.world import Tenant

Shown = Literal["word", "number", "id"]
_TOKEN = re.compile(rb"eyJ[\w-]+\.([\w-]+)")


def search(
    answer: Answer,
    request: Request,
    foreign: Collection[Tenant],
    known: Collection[str] = (),
) -> list[str]:
    """Return what of some tenants' data is in an answer.

    Args:
        answer: is searched.
        request: that it answers.
        foreign: the tenants whose data must not be in it.
        known: names that everybody is told here.
    """
    written = b"\n".join([*(k + b": " + v for k, v in answer.headers), answer.body])
    tokens = list(_tokens(written))
    whole = b"\n".join([written, *(json.dumps(token).encode() for token in tokens)])
    text, digits, sent = whole.lower(), whole.replace(b".", b""), request.sent()
    found = []
    for tenant in foreign:
        if tenant.marker.encode() in text:
            found.append(f"the word {tenant.marker} of {tenant.slug}")
        if str(tenant.number).encode() in digits or any(b in whole for b in _binary(tenant)):
            found.append(f"the number {tenant.number} of {tenant.slug}")
        found += [
            f"{name}, which belongs to {tenant.slug}"
            for name in tenant.names
            if name not in known and name.encode() in text and name.encode() not in sent
        ]
        if any(tenant.id in _tenants_of(token) for token in tokens):
            found.append(f"a token for {tenant.slug}")
    return found


def shown(answer: Answer, tenant: Tenant) -> set[Shown]:
    """Return what the answer's body shows of a tenant; a token for it counts as its word."""
    body = answer.body
    found: set[Shown] = set()
    if tenant.marker.encode() in body or any(tenant.id in _tenants_of(t) for t in _tokens(body)):
        found.add("word")
    digits = body.replace(b".", b"")
    if str(tenant.number).encode() in digits or any(b in body for b in _binary(tenant)):
        found.add("number")
    if tenant.id.encode() in body:
        found.add("id")
    return found


def _binary(tenant: Tenant) -> tuple[bytes, bytes]:
    return struct.pack("<d", tenant.number), struct.pack("<i", tenant.number)


def _tokens(written: bytes) -> Iterable[dict[str, Any]]:
    for payload in _TOKEN.findall(written):
        try:
            claims = json.loads(base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))
        except ValueError:
            continue
        if isinstance(claims, dict):
            yield claims


def _tenants_of(claims: dict[str, Any]) -> list[object]:
    return [claims.get("tenant_id"), *(claims.get("tenant_ids") or ())]
