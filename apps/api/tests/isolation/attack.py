"""What a trick starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from isolation.target import Target
    from isolation.wire import Request
    from isolation.world import Tenant


class Attack(NamedTuple):
    """What a trick starts from.

    Attributes:
        target: what is asked.
        request: the attacker's own request, which is in order, with a good token.
        forged: a token for the victim that somebody else signed.
        tag: the ``ETag`` of the victim's answer to the same question, empty when it has none.
    """

    target: Target
    request: Request
    attacker: Tenant
    victim: Tenant
    forged: str
    tag: str
