"""Many people of several tenants at once, on one server, over real connections."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, NamedTuple, Self

import httpx2
from isolation.application import ask
from isolation.proof import control_problem, own_request
from isolation.routes import TARGETS
from isolation.world import TENANTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from isolation.ledger import Ledger
    from isolation.target import Target
    from isolation.wire import Answer, Request
    from isolation.world import Tenant

CONNECTIONS = 16


class Question(NamedTuple):
    """What somebody asks for: their own tenant's data, in order."""

    target: Target
    tenant: Tenant
    request: Request


def questions() -> list[Question]:
    """Return everything that each tenant may ask for, signing in left out: it takes long."""
    return [
        Question(target, tenant, own_request(target, tenant))
        for target in TARGETS
        for tenant in TENANTS
        if target.kind in {"user", "tenant"} and target.has_data_of(tenant)
    ]


class Crowd:
    """Asks many questions at once, and looks at every answer.

    Args:
        address: of the server.
        ledger: where everything is written down.
        row: under which.
    """

    def __init__(self, address: str, ledger: Ledger, row: str) -> None:
        limits = httpx2.Limits(max_connections=CONNECTIONS)
        self._client = httpx2.AsyncClient(base_url=address, limits=limits, timeout=60)
        self._ledger = ledger
        self._row = row
        self._answers: dict[tuple[str, str], bytes] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def ask_alone(self, everything: Iterable[Question]) -> None:
        """Ask one after the other, and remember each answer: the controls of what follows."""
        for question in everything:
            target, tenant, request = question
            answer = await ask(self._client, request)
            problem = control_problem(target, tenant, request, answer)
            self._ledger.control(self._row, target.route, request, problem)
            self._answers[target.name, tenant.id] = answer.body

    async def ask_at_once(self, everything: list[Question], times: int) -> None:
        """Ask every question so many times, all at once and in no order."""
        mixed = everything * times
        random.Random(times).shuffle(mixed)  # noqa: S311 - the same order in every run
        await asyncio.gather(*(self._ask_and_look(question) for question in mixed))

    async def ask(self, request: Request) -> Answer:
        """Ask one question, whatever the answer."""
        return await ask(self._client, request)

    async def _ask_and_look(self, question: Question) -> None:
        target, tenant, request = question
        answer = await ask(self._client, request)
        wrong = control_problem(target, tenant, request, answer)
        alone = self._answers[target.name, tenant.id]
        if wrong is None and target.steady and answer.body != alone:
            wrong = "another answer than when nobody else was there"
        self._ledger.attempt(self._row, target.route, request, answer.status, wrong)
