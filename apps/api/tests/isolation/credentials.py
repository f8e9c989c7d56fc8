"""What an attacker may hold: every kind of credential, and what must happen to it.

``attacker`` and ``victim`` are two tenants, and the request is for the victim's data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from isolation.forgeries import (
    cut,
    expired,
    garbage,
    header_tricks,
    lesser_role,
    list_with_victim,
    missing_claims,
    no_algorithm,
    not_a_member,
    not_yet,
    nothing,
    of_both,
    of_other_tenant,
    other_algorithm,
    other_key,
    recombined,
    retired_key,
    role_raised,
    two_headers,
    wrong_audience,
    wrong_claims,
    wrong_issuer,
    wrong_kind,
    wrong_passwords,
    wrong_scheme,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from isolation.tokens import Kind, Presented, Situation

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
        why: what it is, in a sentence.
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


_TENANT: tuple[Kind, ...] = ("tenant",)
CREDENTIALS = (
    Credential("none at all", "No credential.", nothing),
    Credential("garbage", "Something that is no token.", garbage),
    Credential("wrong scheme", "A good token, not sent as `Bearer`.", wrong_scheme),
    Credential("expired", "A token whose time is over.", expired),
    Credential("not valid yet", "A token whose time has not come.", not_yet),
    Credential(
        "signed with another key",
        "The right claims, signed with a key that is not ours.",
        other_key,
    ),
    Credential(
        "retired key",
        "The right claims, signed with a key that was rotated out.",
        retired_key,
    ),
    Credential("algorithm none", "The right claims, said to need no signature.", no_algorithm),
    Credential(
        "another algorithm",
        "The right key, with another algorithm, or with the name of another.",
        other_algorithm,
    ),
    Credential(
        "key named in the header",
        "A token that says itself which key verifies it.",
        header_tricks,
    ),
    Credential(
        "wrong kind",
        "A person's token where a tenant's is asked for, and the reverse.",
        wrong_kind,
    ),
    Credential(
        "wrong audience",
        "A token of ours that was made for something else.",
        wrong_audience,
    ),
    Credential(
        "wrong issuer",
        "A token with our signature that another issuer made.",
        wrong_issuer,
    ),
    Credential(
        "missing claims",
        "A token of ours that leaves out one of the things it must say.",
        missing_claims,
    ),
    Credential(
        "misshapen claims",
        "A token of ours that says them otherwise, as a list of two tenants.",
        wrong_claims,
    ),
    Credential("cut", "Parts of a good token.", cut),
    Credential(
        "recombined",
        "The victim's claims under the signature of the attacker's good token.",
        recombined,
    ),
    Credential(
        "role raised",
        "A viewer's good token, its claims changed to an admin's.",
        role_raised,
        kinds=_TENANT,
    ),
    Credential(
        "two headers",
        "The attacker's good token and one forged for the victim, at once.",
        two_headers,
        "own",
    ),
    Credential("another tenant's", "The attacker's own good token.", of_other_tenant, "own"),
    Credential(
        "same person, other tenant",
        "A good token for the attacker's tenant, of somebody who is in both.",
        of_both,
        "own",
        _TENANT,
    ),
    Credential(
        "no longer a member",
        "A good token for the victim, of somebody who is no member of it.",
        not_a_member,
        "refused",
        _TENANT,
    ),
    Credential(
        "listed by mistake",
        "A good token that lists the victim, which the database does not grant.",
        list_with_victim,
        "own",
        ("user",),
    ),
    Credential(
        "another's password",
        "The victim's email with a password that is not theirs.",
        wrong_passwords,
        kinds=("password",),
    ),
    Credential(
        "lesser role",
        "A good token of the victim's viewer where only its admins may look.",
        lesser_role,
        "refused",
        _TENANT,
        only_admin=True,
    ),
)
