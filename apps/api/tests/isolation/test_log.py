"""The audit log: each tenant's admin reads the lines of that tenant, and of no other."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from isolation.application import running
from isolation.evidence import search
from isolation.proof import own_request, request_of
from isolation.routes import TARGETS
from isolation.wire import send
from isolation.world import PAIRS, TENANTS, person_of_both
from sqlalchemy import select

from kyros_api.metadata.tables import audit_log

if TYPE_CHECKING:
    from isolation.ledger import Ledger
    from isolation.wire import App, Request
    from isolation.world import Tenant, World
    from sqlalchemy import Connection, Row

AUDIT = next(target for target in TARGETS if target.admin)
EXCHANGE = next(target for target in TARGETS if target.route == "POST /api/token/exchange")


async def knock(app: App) -> None:
    """Let somebody of each tenant be turned away by each other one."""
    for attacker, victim in PAIRS:
        request = request_of(attacker.viewer, EXCHANGE, victim)
        assert 403 == (await send(app, request)).status


def asking(tenant: Tenant, query: str) -> Request:
    """Return the request of the tenant's admin for some of the log."""
    return replace(own_request(AUDIT, tenant), query=query)


async def read_all(app: App, ledger: Ledger, tenant: Tenant) -> list[dict[str, Any]]:
    """Read the whole log, page by page, as the tenant's admin."""
    events: list[dict[str, Any]] = []
    query = "limit=3"
    others = [other for other in TENANTS if other != tenant]
    while query:
        request = asking(tenant, query)
        answer = await send(app, request)
        found = search(answer, request, others)
        wrong = f"shows {', '.join(found)}" if found else None
        ledger.attempt("whole audit log", AUDIT.route, request, answer.status, wrong)
        page = json.loads(answer.body)
        events += page["events"]
        query = f"limit=3&before={page['next_before']}" if page["next_before"] else ""
    return events


def lines_of(world: World) -> dict[int, Row[Any]]:
    """Return every line of the log by its id, read past the API."""
    lines: dict[int, Row[Any]] = {}

    def read(connection: Connection) -> None:
        lines.update({row.id: row for row in connection.execute(select(audit_log))})

    world.change(read)
    return lines


async def test_lines_of_others_never_show(world: World, ledger: Ledger) -> None:
    """The log holds the tenant's own lines, all of them, and no line of another tenant."""
    async with running(world) as app:
        await knock(app)
        read = {tenant: await read_all(app, ledger, tenant) for tenant in TENANTS}
    lines = lines_of(world)
    for tenant, events in read.items():
        mine = {number for number, line in lines.items() if line.tenant_id == tenant.id}
        assert mine == {event["id"] for event in events}
        assert len(mine) < len(lines)  # there were others to be shown
    assert [] == ledger.findings


async def test_strangers_have_no_name(world: World, ledger: Ledger) -> None:
    """That somebody of elsewhere was turned away is told; who it was is not, nor can be asked."""
    row = "stranger's name in the log"
    async with running(world) as app:
        await knock(app)
        for attacker, victim in PAIRS:
            for part in (attacker.viewer.email, attacker.slug, "viewer%40"):
                request = asking(victim, f"search={part}&outcome=denied")
                answer = await send(app, request)
                total = json.loads(answer.body)["total"]
                wrong = f"confirms {total} lines of strangers" if total else None
                ledger.attempt(row, AUDIT.route, request, answer.status, wrong)
            request = asking(victim, "outcome=denied&search=token.exchange")
            told = json.loads((await send(app, request)).body)["total"]
            problem = None if told == len(TENANTS) - 1 else f"shows {told} denials"
            ledger.control(row, AUDIT.route, request, problem)
    assert [] == ledger.faults + ledger.findings


async def test_a_member_has_a_name(world: World, ledger: Ledger) -> None:
    """Somebody of the tenant who was turned away is named: the control of the one above."""
    row = "stranger's name in the log"
    async with running(world) as app:
        for attacker, victim in PAIRS:
            both = person_of_both(attacker, victim)
            assert 403 == (await send(app, request_of(both, AUDIT, victim))).status
            request = asking(victim, f"outcome=denied&search={both.email}")
            answer = await send(app, request)
            named = both.email.encode() in answer.body
            problem = None if named else "does not name a member"
            ledger.control(row, AUDIT.route, request, problem)
    assert [] == ledger.faults
