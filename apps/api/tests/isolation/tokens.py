"""Tokens as the API makes them, and what it takes to make them otherwise.

They are written by hand rather than by the API's own library, so that every part of them can be
made wrong.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from isolation.world import Person, Tenant

# 64 bytes: long enough for each of the HS algorithms, so that length is never why one is refused.
SECRET = "a92f6c1d5be84b07936e0d7f2c48e15bb51e84c2f7d0e63970b48eb5d1c6f29a"
RETIRED_SECRET = "0c7be1f4a6d25893bf60e7a1d94c38522583c49d1a7e06fb39852d6a4f1eb7c0"
FOREIGN_SECRET = "e5d90b3c7f1846a2b8c4f0a6d27e91355319e72d6a0f4c8b2a6481f7c3b09d5e"
_DIGESTS = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}

Kind = Literal["user", "tenant", "password"]


class Presented(NamedTuple):
    """What is presented: a token or password, or headers where it is neither."""

    token: str | None
    authorization: tuple[str, ...]


class Situation(NamedTuple):
    """Who wants whose data, and the kind of token that the address takes."""

    kind: Kind
    attacker: Tenant
    victim: Tenant
    admin: bool

    def person(self, tenant: Tenant) -> Person:
        """Return who asks for a tenant: its admin where only admins may."""
        return tenant.admin if self.admin else tenant.viewer


def right(situation: Situation) -> str:
    """Return what opens the address: the victim's own token or password."""
    if situation.kind == "password":
        return situation.victim.viewer.password
    return sign(claims(situation, situation.victim))


def own(situation: Situation) -> str:
    """Return the attacker's own, good token."""
    return sign(claims(situation, situation.attacker))


def claims(situation: Situation, tenant: Tenant, person: Person | None = None) -> dict[str, Any]:
    """Return what a good token of this kind says."""
    who = person or situation.person(tenant)
    now = int(time.time())
    common = {
        "sub": who.id,
        "email": who.email,
        "iss": "kyros",
        "iat": now,
        "jti": uuid.uuid4().hex,
    }
    if situation.kind != "tenant":
        return common | {"aud": "kyros:user", "tenant_ids": [tenant.id], "exp": now + 3600}
    role = "admin" if who == tenant.admin else "viewer"
    return common | {
        "aud": "kyros:tenant",
        "tenant_id": tenant.id,
        "role": role,
        "exp": now + 1800,
    }


def sign(
    payload: Mapping[str, Any], secret: str = SECRET, algorithm: str = "HS256", **header: object
) -> str:
    """Write and sign a token, whatever the header then calls the algorithm."""
    head = part({"alg": algorithm, "typ": "JWT", **header})
    signed = f"{head}.{part(payload)}"
    digest = _DIGESTS.get(algorithm[-3:], hashlib.sha256)
    return f"{signed}.{encode(hmac.digest(secret.encode(), signed.encode(), digest))}"


def part(content: Mapping[str, Any]) -> str:
    """Return a part of a token."""
    return encode(json.dumps(content).encode())


def encode(content: bytes) -> str:
    """Write bytes as tokens have them."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def bearer(token: str) -> Presented:
    """Present a token as it should be."""
    return Presented(token, (f"Bearer {token}",))
