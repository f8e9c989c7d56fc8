"""The isolation proof: no request, whatever it holds, ever gets another tenant's data.

What each attempt is, in plain words: ``credentials.py`` and ``tricks.py``. How to read the table
that is printed at the end: ``docs/isolation.md``.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from isolation.application import running
from isolation.proof import Proof, asked_by, control_problem, own_request
from isolation.routes import TARGETS, gaps
from isolation.wire import send
from isolation.world import ACME, PAIRS

if TYPE_CHECKING:
    from isolation.ledger import Ledger
    from isolation.wire import Answer
    from isolation.world import World


async def test_every_route_is_covered(common_world: World) -> None:
    """The proof knows each route of the application, and none that is gone."""
    async with running(common_world) as app:
        assert [] == gaps(app)


async def test_every_credential_and_trick(world: World, ledger: Ledger) -> None:
    """Every route x every two tenants x every credential and every trick: not one leak."""
    async with running(world) as app:
        await Proof(app, ledger).run()
    assert [] == ledger.faults
    assert [] == ledger.findings
    assert all(count.controls for count in (*ledger.rows.values(), *ledger.routes.values()))


@pytest.mark.databases
async def test_existence_is_not_told(common_world: World, ledger: Ledger) -> None:
    """Whether there is such a tenant a stranger cannot tell: it is refused in the same words."""
    row = "is there such a tenant?"
    nobody = replace(ACME, id=str(uuid.uuid4()), slug="no-such-tenant")
    named = [each for each in TARGETS if each.names_tenant and each.kind != "password"]
    async with running(common_world) as app:
        for target in named:
            for stranger, tenant in PAIRS:
                request = asked_by(stranger, target, tenant)
                there = await send(app, request)
                not_there = await send(app, asked_by(stranger, target, nobody))
                wrong = None if words(there) == words(not_there) else "told that there is"
                ledger.attempt(row, target.route, request, there.status, wrong)
                if target.has_data_of(tenant):
                    own = own_request(target, tenant)
                    problem = control_problem(target, tenant, own, await send(app, own))
                    ledger.control(row, target.route, own, problem)
    assert [] == ledger.faults + ledger.findings


def words(answer: Answer) -> tuple[int, list[bytes], object]:
    """Return what an answer says, but for the moment and the request's own id."""
    said = json.loads(answer.body)
    if isinstance(said["error"], dict):
        said["error"] |= {"timestamp": None, "request_id": None}
    return answer.status, sorted(name for name, _ in answer.headers), said
