"""Bodies that name two tenants, or one in an odd way, for each route that takes a body.

A new route with a body needs its own here: whatever it asks for, in shapes that name the victim.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from isolation.attack import Attack


def _exchange_bodies(a: Attack) -> Iterator[bytes]:
    own, their = a.attacker.id, a.victim.id
    for tenant_id in (
        their,
        [own, their],
        [their],
        {"$eq": their},
        f"{own},{their}",
        f"{their} ",
        f" {their}",
        f"{their}\0",
        their.upper(),
        a.victim.slug,
        f"{own}' OR id = '{their}",
        "*",
        "%",
        None,
        "",
        True,
    ):
        yield json.dumps({"tenant_id": tenant_id}).encode()
    more: list[dict[str, object]] = [
        {"tenant_ids": [their]},
        {"tenant": their, "Tenant_Id": their, "tenantId": their},
        {"sub": a.victim.viewer.id, "email": a.victim.viewer.email},
        {"role": "admin", "is_admin": True},
    ]
    for extra in more:
        yield json.dumps({"tenant_id": own, **extra}).encode()
    yield f'{{"tenant_id": "{own}", "tenant_id": "{their}"}}'.encode()
    yield f'{{"tenant_id": "{their}", "tenant_id": "{own}"}}'.encode()
    yield f'{{"tenant_id": "{own}", "tenant\\u005fid": "{their}"}}'.encode()
    yield json.dumps([{"tenant_id": their}]).encode()
    yield f"tenant_id={their}".encode()
    yield json.dumps({"tenant_id": own}).encode() + json.dumps({"tenant_id": their}).encode()


def _form_bodies(a: Attack) -> Iterator[bytes]:
    own, their = a.attacker.id, a.victim.id
    urn = "urn:kyros:tenant:"
    for more in (
        {"audience": their},
        {"resource": f"{urn}{their}"},
        {"resource": f"https://{a.victim.slug}.kyros.example"},
        {"tenant_id": their, "tenant": their},
        {"subject_token": a.forged},
        {"actor_token": a.forged, "actor_token_type": "urn:ietf:params:oauth:token-type:jwt"},
        {"scope": "admin"},
        {"scope": f"viewer tenant:{their}"},
        {"client_id": a.victim.admin.email, "client_secret": "x"},
        {"sub": a.victim.viewer.id},
    ):
        yield a.request.body + b"&" + urlencode(more).encode()
    field = f"audience={own}".encode()
    for audience in (
        their,
        f"{own} {their}",
        f"{their},{own}",
        f"{their}\0",
        their.upper(),
        "*",
        "",
    ):
        yield a.request.body.replace(field, urlencode({"audience": audience}).encode())
    yield a.request.body.replace(field, urlencode({"resource": f"{urn}{their}"}).encode())
    yield a.request.body.replace(field, f"audience[]={their}".encode())


def _sign_in_bodies(a: Attack) -> Iterator[bytes]:
    own = json.loads(a.request.body)
    them = a.victim.viewer
    for change in (
        {"tenant_id": a.victim.id},
        {"tenant_ids": [a.victim.id], "role": "admin"},
        {"email": [own["email"], them.email]},
        {"email": them.email},
        {"email": f"{own['email']}\0{them.email}"},
        {"email": f"{them.email}' --"},
        {"user_id": them.id, "sub": them.id},
        {"password": {"$ne": ""}, "email": them.email},
        {"password": None, "email": them.email},
    ):
        yield json.dumps(own | change).encode()
    yield a.request.body[:-1] + f', "email": "{them.email}"}}'.encode()


BODIES: dict[str, Callable[[Attack], Iterator[bytes]]] = {
    "POST /api/auth/login": _sign_in_bodies,
    "POST /api/token": _form_bodies,
    "POST /api/token/exchange": _exchange_bodies,
}
