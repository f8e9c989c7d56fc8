"""Making each kind of credential that must not work, from one that would.

Each differs from a good one in one thing only; that the good one is let in is the control of each
attempt. What each is called, and what must happen to it: ``credentials.py``.
"""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any

from isolation.tokens import (
    FOREIGN_SECRET,
    RETIRED_SECRET,
    SECRET,
    Kind,
    Presented,
    Situation,
    bearer,
    claims,
    encode,
    own,
    part,
    right,
    sign,
)
from isolation.world import hashed, person_of_both

if TYPE_CHECKING:
    from collections.abc import Iterator


def _raw(*authorization: str) -> Presented:
    return Presented(None, authorization)


def nothing(_: Situation) -> Iterator[Presented]:
    """Present nothing."""
    yield _raw()


def garbage(s: Situation) -> Iterator[Presented]:
    """Present what is no token."""
    yield from map(bearer, ("x", "null", "undefined", "a.b.c", "..", "eyJ.eyJ.", s.victim.id))
    yield bearer(f"{right(s)[:40]}\N{LATIN SMALL LETTER E WITH ACUTE}")
    yield bearer("A" * 8000)


def wrong_scheme(s: Situation) -> Iterator[Presented]:
    """Present a good token otherwise than as a bearer's."""
    token = right(s)
    basic = base64.b64encode(f"{s.victim.admin.email}:{token}".encode()).decode()
    yield from map(_raw, (f"Basic {basic}", f"Token {token}", f"JWT {token}", token, "Bearer"))
    yield from map(_raw, (f"Bearer{token}", f"Bearer:{token}", f"Negotiate {token}", "", "Bearer "))


def expired(s: Situation) -> Iterator[Presented]:
    """Present what was good once."""
    now = int(time.time())
    for age in (1, 60, 86400):
        yield bearer(sign(claims(s, s.victim) | {"iat": now - 90000, "exp": now - age}))


def not_yet(s: Situation) -> Iterator[Presented]:
    """Present what will be good."""
    later = int(time.time()) + 600
    yield bearer(sign(claims(s, s.victim) | {"nbf": later}))
    yield bearer(sign(claims(s, s.victim) | {"iat": later, "exp": later + 600}))


def other_key(s: Situation) -> Iterator[Presented]:
    """Sign with keys that are not ours."""
    for secret in (FOREIGN_SECRET, "", SECRET[:-1], SECRET.upper(), "secret"):
        yield bearer(sign(claims(s, s.victim), secret))


def retired_key(s: Situation) -> Iterator[Presented]:
    """Sign with the key that was rotated out."""
    yield bearer(sign(claims(s, s.victim), RETIRED_SECRET))


def no_algorithm(s: Situation) -> Iterator[Presented]:
    """Say that there is no signature."""
    for name in ("none", "None", "NONE", "nOnE", ""):
        head, payload, signature = sign(claims(s, s.victim), algorithm=name).split(".")
        yield bearer(f"{head}.{payload}.")
        yield bearer(f"{head}.{payload}.{signature}")


def other_algorithm(s: Situation) -> Iterator[Presented]:
    """Sign with, or speak of, other algorithms."""
    for name in ("HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA", "hs256"):
        yield bearer(sign(claims(s, s.victim), algorithm=name))


def header_tricks(s: Situation) -> Iterator[Presented]:
    """Say in the header which key verifies."""
    own_key = {"kty": "oct", "k": encode(FOREIGN_SECRET.encode())}
    for header in (
        {"kid": "../../../../dev/null"},
        {"kid": "' UNION SELECT 'x"},
        {"jwk": own_key},
        {"jku": "https://attacker.example/keys.json"},
        {"x5u": "https://attacker.example/cert.pem"},
    ):
        yield bearer(sign(claims(s, s.victim), FOREIGN_SECRET, **header))
    yield bearer(sign(claims(s, s.victim), "", kid="/dev/null"))
    yield bearer(sign(claims(s, s.victim), crit=["tenant"], tenant=s.victim.id))


def wrong_kind(s: Situation) -> Iterator[Presented]:
    """The other kind as it is, and with all that this kind has besides."""
    other = s._replace(kind="tenant" if s.kind == "user" else "user")
    theirs = claims(other, s.victim)
    yield bearer(sign(theirs))
    yield bearer(sign({**claims(s, s.victim), **theirs}))


def wrong_audience(s: Situation) -> Iterator[Presented]:
    """Make it for others."""
    good = claims(s, s.victim)
    both = ["kyros:user", "kyros:tenant"]
    for audience in ("kyros", "kyros:", "other", [good["aud"]], both, "", None, f"{good['aud']} "):
        yield bearer(sign(good | {"aud": audience}))


def wrong_issuer(s: Situation) -> Iterator[Presented]:
    """Make it as others."""
    for issuer in ("attacker", "kyros.example", "", None, ["kyros"], "KYROS"):
        yield bearer(sign(claims(s, s.victim) | {"iss": issuer}))


def missing_claims(s: Situation) -> Iterator[Presented]:
    """Leave out each claim."""
    good = claims(s, s.victim)
    for missing in good:
        yield bearer(sign({name: value for name, value in good.items() if name != missing}))


def wrong_claims(s: Situation) -> Iterator[Presented]:
    """Say claims in other shapes."""
    good = claims(s, s.victim)
    both = [s.attacker.id, s.victim.id]
    wrong: dict[Kind, list[dict[str, Any]]] = {
        "password": [],
        "tenant": [
            {"tenant_id": both},
            {"tenant_id": None},
            {"tenant_id": ""},
            {"tenant_id": {"$ne": ""}},
            {"role": "owner"},
            {"role": ["admin"]},
        ],
        "user": [{"tenant_ids": s.victim.id}, {"tenant_ids": None}, {"tenant_ids": [None]}],
    }
    for change in (*wrong[s.kind], {"sub": 1}, {"sub": None}, {"email": None}, {"exp": "never"}):
        yield bearer(sign(good | change))


def cut(s: Situation) -> Iterator[Presented]:
    """Present parts."""
    head, payload, signature = right(s).split(".")
    whole = f"{head}.{payload}.{signature}"
    yield from map(bearer, (whole[:-1], whole[:-22], f"{head}.{payload}.", f"{head}.{payload}"))
    yield from map(bearer, (head, f"{head}..{signature}", f".{payload}.{signature}", whole[1:]))


def recombined(s: Situation) -> Iterator[Presented]:
    """Parts of the attacker's good token with parts of one that would open the victim's."""
    mine = own(s).split(".")
    wanted = claims(s, s.victim)
    payload = part(wanted)
    kept = part(_claims_of(mine) | {k: v for k, v in wanted.items() if k.startswith("tenant")})
    yield bearer(f"{mine[0]}.{payload}.{mine[2]}")
    yield bearer(f"{mine[0]}.{kept}.{mine[2]}")
    yield bearer(f"{'.'.join(mine)}.{payload}.{mine[2]}")
    yield bearer(f"{mine[0]}.{payload}.{mine[2]}.{'.'.join(mine)}")
    foreign = sign(wanted, FOREIGN_SECRET).split(".")
    yield bearer(f"{foreign[0]}.{foreign[1]}.{mine[2]}")


def _claims_of(parts: list[str]) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
    return content


def role_raised(s: Situation) -> Iterator[Presented]:
    """The signature of a viewer's token under claims of an admin."""
    for tenant in (s.attacker, s.victim):
        token = sign(claims(s, tenant, tenant.viewer)).split(".")
        raised = _claims_of(token) | {"role": "admin", "tenant_id": s.victim.id}
        yield bearer(f"{token[0]}.{part(raised)}.{token[2]}")


def two_headers(s: Situation) -> Iterator[Presented]:
    """Present two at once."""
    mine, forged = f"Bearer {own(s)}", f"Bearer {sign(claims(s, s.victim), FOREIGN_SECRET)}"
    yield _raw(mine, forged)
    yield _raw(forged, mine)
    yield _raw(f"{mine}, {forged}")


def of_other_tenant(s: Situation) -> Iterator[Presented]:
    """Present the attacker's own, a viewer's and an admin's."""
    yield bearer(own(s))
    yield bearer(sign(claims(s, s.attacker, s.attacker.admin)))


def of_both(s: Situation) -> Iterator[Presented]:
    """Present that of a person of both, for the attacker's tenant."""
    both = person_of_both(s.attacker, s.victim)
    yield bearer(sign(claims(s, s.attacker, both)))


def not_a_member(s: Situation) -> Iterator[Presented]:
    """As if the person had been a member when the token was made, and is no longer."""
    good = claims(s, s.victim, s.attacker.viewer)
    yield bearer(sign(good))
    yield bearer(sign(good | {"role": "admin"}))


def list_with_victim(s: Situation) -> Iterator[Presented]:
    """List the victim among the person's tenants."""
    for listed in ([s.victim.id], [s.attacker.id, s.victim.id], ["*"]):
        yield bearer(sign(claims(s, s.attacker) | {"tenant_ids": listed}))


def lesser_role(s: Situation) -> Iterator[Presented]:
    """As it is, and as if the person had been an admin when the token was made."""
    viewer = claims(s, s.victim, s.victim.viewer)
    yield bearer(sign(viewer))
    yield bearer(sign(viewer | {"role": "admin"}))


def wrong_passwords(s: Situation) -> Iterator[Presented]:
    """Try what is not the password."""
    good = s.victim.viewer.password
    yield bearer(s.attacker.viewer.password)
    yield from map(bearer, (good[:-1], f"{good} ", good.upper(), s.victim.viewer.email, "' OR 1=1"))
    yield bearer(hashed(good))
