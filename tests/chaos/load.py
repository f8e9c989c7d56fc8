"""People of two tenants who go on working while things break, and what they are shown."""

from __future__ import annotations

import threading
import time
from collections import Counter
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import requests

from scripts.support.journey import CheckFailed, first_call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.support.outside import Edge
    from tests.production_stack import Production

_PAUSE = 0.05  # seconds between two questions of one person


class Kind(StrEnum):
    """What an answer was."""

    FIGURES = "figures"
    AWAY = "away"
    LEAK = "another tenant's"


class Member(NamedTuple):
    """A person of one tenant.

    Attributes:
        email: of the person.
        tenant: its slug.
        mark: a word that only this tenant's data hold.
        others: the words of the other tenants.
    """

    email: str
    tenant: str
    mark: str
    others: tuple[str, ...]


class Answer(NamedTuple):
    """One answer, and when it came."""

    at: float
    member: Member
    kind: Kind


class Load:
    """Asks for figures of a dashboard without end, a thread a person; and signs in, another one."""

    def __init__(self, edges: dict[Member, Edge], production: Production, password: str) -> None:
        self._edges, self._production, self._password = edges, production, password
        self._over = threading.Event()
        self.answers: list[Answer] = []
        self.signed_in = 0  # sign-ins that were answered with yes

    @contextmanager
    def running(self) -> Iterator[Load]:
        """Ask for as long as the block runs."""
        threads = [
            threading.Thread(target=self._work, args=one, daemon=True)
            for one in self._edges.items()
        ]
        threads.append(threading.Thread(target=self._sign_in, daemon=True))
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._over.set()
            for thread in threads:
                thread.join()

    def recovered_after(self, moment: float) -> float | None:
        """Return the seconds from a moment until everybody had figures again; None when not yet.

        From then on nobody was without: what counts is the last answer that was none.
        """
        answers = [answer for answer in self.answers if answer.at >= moment]
        bad = [answer.at for answer in answers if answer.kind is not Kind.FIGURES]
        last_bad = max(bad, default=moment)
        firsts = [
            min((a.at for a in answers if a.member is member and a.at > last_bad), default=None)
            for member in self._edges
        ]
        return max(first - moment for first in firsts if first) if all(firsts) else None

    def has_been_well(self, seconds: float) -> bool:
        """Whether everybody has had figures, and nothing else, for so long."""
        since = time.monotonic() - seconds
        recent = [answer for answer in self.answers if answer.at >= since]
        return all(answer.kind is Kind.FIGURES for answer in recent) and set(self._edges) == {
            answer.member for answer in recent
        }

    def count(self, since: float = 0) -> Counter[Kind]:
        """Return how many answers there were of each kind."""
        return Counter(answer.kind for answer in self.answers if answer.at >= since)

    def _work(self, member: Member, edge: Edge) -> None:
        embedded = f"/tenant/{member.tenant}/dash/risk-analysis/"
        callbacks = edge.get(f"{embedded}_dash-dependencies").json()
        call = first_call(callbacks)
        while not self._over.wait(_PAUSE):
            try:
                answer = edge.post(f"{embedded}_dash-update-component", json=call)
                kind = _judge(answer, member)
            except requests.RequestException:
                kind = Kind.AWAY
            self.answers.append(Answer(time.monotonic(), member, kind))

    def _sign_in(self) -> None:
        """Somebody comes every second: what they were told is in the audit log afterwards."""
        email = next(iter(self._edges)).email
        while not self._over.wait(1):
            try:
                self._production.edge().sign_in(email, self._password)()
            except (requests.RequestException, CheckFailed):
                continue
            self.signed_in += 1


def _judge(answer: requests.Response, member: Member) -> Kind:
    if any(other in answer.text for other in member.others):
        return Kind.LEAK
    return Kind.FIGURES if answer.status_code == 200 and member.mark in answer.text else Kind.AWAY
