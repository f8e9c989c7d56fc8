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

Shown = Literal["word", "number", "id", "rows"]
_META = b',"meta":{"config":'
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
    text, sent = whole.lower(), request.sent()
    found = []
    for tenant in foreign:
        if tenant.marker.encode() in text:
            found.append(f"the word {tenant.marker} of {tenant.slug}")
        if _has_number(whole, tenant):
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
    """Return what the answer's body shows of a tenant; a token for it counts as its word.

    The settings that a view's answer ends with do not count: they would stand for the data, also
    where the data is not there. In a list of dashboards they are what was asked for.
    """
    body, found = answer.body, set[Shown]()
    data = body.partition(_META)[0]
    if tenant.marker.encode() in data or any(tenant.id in _tenants_of(t) for t in _tokens(data)):
        found.add("word")
    if _has_number(data, tenant):
        found.add("number")
    if tenant.id.encode() in body:
        found.add("id")
    if _has_rows(body):
        found.add("rows")
    return found


def _has_number(written: bytes, tenant: Tenant) -> bool:
    """Say whether the number is there, as digits or in Arrow's bytes.

    Views also make of it the bin of twenty that it is in, and a loss: one number times another.
    """
    number, digits = tenant.number, written.replace(b".", b"")
    made = (str(number), str(number // 20 * 20), str(number**2)[:12])
    binary = (struct.pack("<d", number), struct.pack("<i", number))
    return any(each.encode() in digits for each in made) or any(b in written for b in binary)


def _has_rows(body: bytes) -> bool:
    """Say whether it is a view's answer in which there is something."""
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    return isinstance(answer, dict) and any(answer.get("columns", {}).values())


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
