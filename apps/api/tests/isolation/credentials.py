"""What an attacker may hold: every kind of credential, and why it must not work.

Each bad token differs from a good one in one thing only; that the good one is let in is the
control of each attempt. ``attacker`` and ``victim`` are two tenants, and the request is for the
victim's data.
"""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

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
    from collections.abc import Callable, Iterator

# What must happen to it:
#   unknown  nobody is known by it: 401, everywhere
#   refused  it says truly who is asking, and they may not: 403, everywhere
#   own      it is good for the attacker's own tenant: 401 or 403 where the address names the
#            victim; elsewhere at most the attacker's own data
Expected = Literal["unknown", "refused", "own"]


@dataclass(frozen=True)
class Credential:
    """A kind of credential.

    Attributes:
        name: as the table calls it.
        why: what it tries, in a sentence.
        make: each way of it, in a situation.
        expected: what must happen to it.
        kinds: the kinds of address where it makes sense.
        only_admin: whether it makes sense only where an admin is asked for.
    """

    name: str
    why: str
    make: Callable[[Situation], Iterator[Presented]]
    expected: Expected = "unknown"
    kinds: tuple[Kind, ...] = ("user", "tenant")
    only_admin: bool = False

    def fits(self, situation: Situation) -> bool:
        """Say whether it makes sense here."""
        return situation.kind in self.kinds and (situation.admin or not self.only_admin)


def _raw(*authorization: str) -> Presented:
    return Presented(None, authorization)


def _nothing(_: Situation) -> Iterator[Presented]:
    yield _raw()


def _garbage(s: Situation) -> Iterator[Presented]:
    yield from map(bearer, ("x", "null", "undefined", "a.b.c", "..", "eyJ.eyJ.", s.victim.id))
    yield bearer(f"{right(s)[:40]}\N{LATIN SMALL LETTER E WITH ACUTE}")
    yield bearer("A" * 8000)


def _wrong_scheme(s: Situation) -> Iterator[Presented]:
    token = right(s)
    basic = base64.b64encode(f"{s.victim.admin.email}:{token}".encode()).decode()
    yield from map(_raw, (f"Basic {basic}", f"Token {token}", f"JWT {token}", token, "Bearer"))
    yield from map(_raw, (f"Bearer{token}", f"Bearer:{token}", f"Negotiate {token}", "", "Bearer "))


def _expired(s: Situation) -> Iterator[Presented]:
    now = int(time.time())
    for age in (1, 60, 86400):
        yield bearer(sign(claims(s, s.victim) | {"iat": now - 90000, "exp": now - age}))


def _not_yet(s: Situation) -> Iterator[Presented]:
    later = int(time.time()) + 600
    yield bearer(sign(claims(s, s.victim) | {"nbf": later}))
    yield bearer(sign(claims(s, s.victim) | {"iat": later, "exp": later + 600}))


def _other_key(s: Situation) -> Iterator[Presented]:
    for secret in (FOREIGN_SECRET, "", SECRET[:-1], SECRET.upper(), "secret"):
        yield bearer(sign(claims(s, s.victim), secret))


def _retired_key(s: Situation) -> Iterator[Presented]:
    yield bearer(sign(claims(s, s.victim), RETIRED_SECRET))


def _no_algorithm(s: Situation) -> Iterator[Presented]:
    for name in ("none", "None", "NONE", "nOnE", ""):
        head, payload, signature = sign(claims(s, s.victim), algorithm=name).split(".")
        yield bearer(f"{head}.{payload}.")
        yield bearer(f"{head}.{payload}.{signature}")


def _other_algorithm(s: Situation) -> Iterator[Presented]:
    for name in ("HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA", "hs256"):
        yield bearer(sign(claims(s, s.victim), algorithm=name))


def _header_tricks(s: Situation) -> Iterator[Presented]:
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


def _wrong_kind(s: Situation) -> Iterator[Presented]:
    """The other kind as it is, and with all that this kind has besides."""
    other = s._replace(kind="tenant" if s.kind == "user" else "user")
    theirs = claims(other, s.victim)
    yield bearer(sign(theirs))
    yield bearer(sign({**claims(s, s.victim), **theirs}))


def _wrong_audience(s: Situation) -> Iterator[Presented]:
    good = claims(s, s.victim)
    both = ["kyros:user", "kyros:tenant"]
    for audience in ("kyros", "kyros:", "other", [good["aud"]], both, "", None, f"{good['aud']} "):
        yield bearer(sign(good | {"aud": audience}))


def _wrong_issuer(s: Situation) -> Iterator[Presented]:
    for issuer in ("attacker", "kyros.example", "", None, ["kyros"], "KYROS"):
        yield bearer(sign(claims(s, s.victim) | {"iss": issuer}))


def _missing_claims(s: Situation) -> Iterator[Presented]:
    good = claims(s, s.victim)
    for missing in good:
        yield bearer(sign({name: value for name, value in good.items() if name != missing}))


def _wrong_claims(s: Situation) -> Iterator[Presented]:
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


def _cut(s: Situation) -> Iterator[Presented]:
    head, payload, signature = right(s).split(".")
    whole = f"{head}.{payload}.{signature}"
    yield from map(bearer, (whole[:-1], whole[:-22], f"{head}.{payload}.", f"{head}.{payload}"))
    yield from map(bearer, (head, f"{head}..{signature}", f".{payload}.{signature}", whole[1:]))


def _recombined(s: Situation) -> Iterator[Presented]:
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


def _role_raised(s: Situation) -> Iterator[Presented]:
    """The signature of a viewer's token under claims of an admin."""
    for tenant in (s.attacker, s.victim):
        token = sign(claims(s, tenant, tenant.viewer)).split(".")
        raised = _claims_of(token) | {"role": "admin", "tenant_id": s.victim.id}
        yield bearer(f"{token[0]}.{part(raised)}.{token[2]}")


def _two_headers(s: Situation) -> Iterator[Presented]:
    mine, forged = f"Bearer {own(s)}", f"Bearer {sign(claims(s, s.victim), FOREIGN_SECRET)}"
    yield _raw(mine, forged)
    yield _raw(forged, mine)
    yield _raw(f"{mine}, {forged}")


def _of_other_tenant(s: Situation) -> Iterator[Presented]:
    yield bearer(own(s))
    yield bearer(sign(claims(s, s.attacker, s.attacker.admin)))


def _of_both(s: Situation) -> Iterator[Presented]:
    both = person_of_both(s.attacker, s.victim)
    yield bearer(sign(claims(s, s.attacker, both)))


def _not_a_member(s: Situation) -> Iterator[Presented]:
    """As if the person had been a member when the token was made, and is no longer."""
    good = claims(s, s.victim, s.attacker.viewer)
    yield bearer(sign(good))
    yield bearer(sign(good | {"role": "admin"}))


def _list_with_victim(s: Situation) -> Iterator[Presented]:
    for listed in ([s.victim.id], [s.attacker.id, s.victim.id], ["*"]):
        yield bearer(sign(claims(s, s.attacker) | {"tenant_ids": listed}))


def _lesser_role(s: Situation) -> Iterator[Presented]:
    """As it is, and as if the person had been an admin when the token was made."""
    viewer = claims(s, s.victim, s.victim.viewer)
    yield bearer(sign(viewer))
    yield bearer(sign(viewer | {"role": "admin"}))


def _wrong_passwords(s: Situation) -> Iterator[Presented]:
    good = s.victim.viewer.password
    yield bearer(s.attacker.viewer.password)
    yield from map(bearer, (good[:-1], f"{good} ", good.upper(), s.victim.viewer.email, "' OR 1=1"))
    yield bearer(hashed(good))


_TENANT: tuple[Kind, ...] = ("tenant",)
CREDENTIALS = (
    Credential("none at all", "Asks without saying who.", _nothing),
    Credential("garbage", "Sends what is no token.", _garbage),
    Credential("wrong scheme", "Sends a good token under another scheme.", _wrong_scheme),
    Credential("expired", "Keeps a token that was good once.", _expired),
    Credential("not valid yet", "Sends a token from the future.", _not_yet),
    Credential("signed with another key", "Signs it with a key of its own.", _other_key),
    Credential("retired key", "Signs with a key that was rotated out.", _retired_key),
    Credential("algorithm none", "Says that no signature is needed.", _no_algorithm),
    Credential("another algorithm", "Signs with an algorithm that is not ours.", _other_algorithm),
    Credential("key named in the header", "Says which key to verify with.", _header_tricks),
    Credential("wrong kind", "Takes a user token for a tenant's, or the reverse.", _wrong_kind),
    Credential("wrong audience", "Sends a token made for something else.", _wrong_audience),
    Credential("wrong issuer", "Sends a token of another issuer.", _wrong_issuer),
    Credential("missing claims", "Leaves out one thing that a token must say.", _missing_claims),
    Credential("misshapen claims", "Says it in another shape, as two tenants.", _wrong_claims),
    Credential("cut", "Sends a part of a good token.", _cut),
    Credential("recombined", "Puts the victim's claims under a good signature.", _recombined),
    Credential(
        "role raised", "Turns a viewer's claims into an admin's.", _role_raised, kinds=_TENANT
    ),
    Credential("two headers", "Sends a good token and a forged one.", _two_headers, "own"),
    Credential("another tenant's", "Uses the token of its own tenant.", _of_other_tenant, "own"),
    Credential(
        "same person, other tenant",
        "Is in both tenants, with the token for the other one.",
        _of_both,
        "own",
        _TENANT,
    ),
    Credential(
        "no longer a member",
        "Keeps a good token for a tenant that it has left.",
        _not_a_member,
        "refused",
        _TENANT,
    ),
    Credential(
        "listed by mistake",
        "Has a user token that lists a tenant which the database does not grant.",
        _list_with_victim,
        "own",
        ("user",),
    ),
    Credential(
        "another's password",
        "Signs in as the victim with a password that is not theirs.",
        _wrong_passwords,
        kinds=("password",),
    ),
    Credential(
        "lesser role",
        "Is a viewer of the tenant where only admins may look.",
        _lesser_role,
        "refused",
        _TENANT,
        only_admin=True,
    ),
)
