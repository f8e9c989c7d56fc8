"""Many at once, one after another, and changes in between: each still sees their own alone."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from isolation.application import running, served
from isolation.crowd import Crowd, questions
from isolation.evidence import search
from isolation.proof import control_problem, own_request, request_of
from isolation.routes import TARGETS
from isolation.wire import send
from isolation.world import ACME, BETA, GAMMA, RISK, TENANTS, Tenant, person_of_both

if TYPE_CHECKING:
    from isolation.ledger import Ledger
    from isolation.target import Target
    from isolation.wire import Answer, App, Request
    from isolation.world import World

OF_A_TENANT = [target for target in TARGETS if target.kind == "tenant" and not target.admin]
SHARED = [target for target in OF_A_TENANT if target.steady]
RISK_ROWS = [each for each in SHARED if each.about in {f"{RISK} as JSON", f"{RISK} as CSV"}]
AUDIT = next(target for target in TARGETS if target.admin)


def wrong_refusal(status: int, request: Request, answer: Answer) -> str | None:
    """Return what is wrong with a refusal, which must have this status and show nobody's data."""
    if found := search(answer, request, TENANTS):
        return f"shows {', '.join(found)}"
    return None if answer.status == status else f"answered {answer.status} instead of {status}"


class Watch(NamedTuple):
    """Asks an application, and writes down what came of it under one row."""

    app: App
    ledger: Ledger
    row: str

    async def refused(self, status: int, target: Target, request: Request) -> None:
        """Make an attempt that must get this status and nothing of anybody."""
        answer = await send(self.app, request)
        wrong = wrong_refusal(status, request, answer)
        self.ledger.attempt(self.row, target.route, request, answer.status, wrong)

    async def seen(self, target: Target, tenant: Tenant, request: Request | None = None) -> bytes:
        """Make a control: whoever asks must see the tenant's data, and nobody else's."""
        asked = request or own_request(target, tenant)
        answer = await send(self.app, asked)
        problem = control_problem(target, tenant, asked, answer)
        self.ledger.control(self.row, target.route, asked, problem)
        return answer.body


async def test_everybody_at_once(common_world: World, ledger: Ledger) -> None:
    """Each of many simultaneous requests is answered as if its tenant were alone."""
    everything = questions()
    with served(common_world) as address:
        async with Crowd(address, ledger, "everybody at once") as crowd:
            await crowd.ask_alone(everything)
            await crowd.ask_at_once(everything, times=12)
    assert [] == ledger.faults + ledger.findings


async def test_data_changes_meanwhile(world: World, ledger: Ledger) -> None:
    """New data of one tenant is seen by it at once, the old no longer, and by nobody else."""
    row = "data changes meanwhile"
    others = [each for each in questions() if each.tenant != GAMMA]
    with served(world) as address:
        async with Crowd(address, ledger, row) as crowd:
            await crowd.ask_alone(others)
            for generation in range(2, 6):
                asking = asyncio.create_task(crowd.ask_at_once(others, times=2))
                await asyncio.to_thread(world.publish, GAMMA, RISK, generation)
                for target in RISK_ROWS * 5:
                    request = own_request(target, GAMMA)
                    answer = await crowd.ask(request)
                    wrong = control_problem(target, GAMMA, request, answer)
                    marks = {
                        number
                        for number in range(1, 7)
                        if f"{GAMMA.marker}-g{number} ".encode() in answer.body
                    }
                    if marks != {generation}:
                        wrong = f"shows the data of {marks} instead of {generation}"
                    ledger.attempt(row, target.route, request, answer.status, wrong)
                await asking
    assert [] == ledger.faults + ledger.findings


async def test_access_ends_meanwhile(world: World, ledger: Ledger) -> None:
    """Whoever loses a tenant sees nothing of it from then on, however many others go on asking."""
    row, person, everything = "access ends meanwhile", person_of_both(ACME, GAMMA), questions()
    asked = [(each, request_of(person, each, ACME)) for each in OF_A_TENANT]
    with served(world) as address:
        async with Crowd(address, ledger, row) as crowd:
            await crowd.ask_alone(everything)
            for role in ("viewer", None, "viewer", None):
                asking = asyncio.create_task(crowd.ask_at_once(everything, times=2))
                await asyncio.to_thread(world.set_role, person, ACME, role)
                for target, request in asked:
                    answer = await crowd.ask(request)
                    if role:
                        problem = control_problem(target, ACME, request, answer)
                        ledger.control(row, target.route, request, problem)
                    else:
                        wrong = wrong_refusal(403, request, answer)
                        ledger.attempt(row, target.route, request, answer.status, wrong)
                await asking
    assert [] == ledger.faults + ledger.findings


async def test_tenant_is_switched_off(world: World, ledger: Ledger) -> None:
    """A tenant that is switched off shows nothing to its own people either; the others go on."""
    async with running(world) as app:
        watch = Watch(app, ledger, "tenant switched off")
        for on in (True, False, True):
            world.switch(ACME, on=on)
            for target in OF_A_TENANT:
                await watch.seen(target, GAMMA)
                if on:
                    await watch.seen(target, ACME)
                else:
                    await watch.refused(404, target, own_request(target, ACME))
    assert [] == ledger.faults + ledger.findings


async def test_admin_loses_the_role(world: World, ledger: Ledger) -> None:
    """An admin who becomes a viewer reads no audit log from then on, not with an old token."""
    old_token = own_request(AUDIT, ACME)
    async with running(world) as app:
        watch = Watch(app, ledger, "role ends meanwhile")
        await watch.seen(AUDIT, ACME, old_token)
        world.set_role(ACME.admin, ACME, "viewer")
        await watch.refused(403, AUDIT, old_token)
        await watch.refused(403, AUDIT, own_request(AUDIT, ACME))
        world.set_role(ACME.admin, ACME, "admin")
        await watch.seen(AUDIT, ACME, old_token)
    assert [] == ledger.faults + ledger.findings


async def test_one_after_another(world: World, ledger: Ledger) -> None:
    """Same address, same question, one tenant after another: each gets its own from the caches."""
    row, first = "one after another", dict[tuple[str, Tenant], bytes]()
    async with running(world) as app:
        for tenant in (*TENANTS, *reversed(TENANTS), *TENANTS):
            for target in [each for each in SHARED if each.has_data_of(tenant)]:
                request = own_request(target, tenant)
                answer = await send(app, request)
                wrong = control_problem(target, tenant, request, answer)
                if first.setdefault((target.name, tenant), answer.body) != answer.body:
                    wrong = "another answer than before"
                ledger.attempt(row, target.route, request, answer.status, wrong)
        watch = Watch(app, ledger, row)
        world.publish(ACME, RISK, generation=2)
        for target in [each for each in SHARED if each.dashboard == RISK]:
            changed = await send(app, own_request(target, ACME))
            assert first[target.name, ACME] != changed.body
            for tenant in (BETA, GAMMA):
                assert first[target.name, tenant] == await watch.seen(target, tenant)
    assert [] == ledger.faults + ledger.findings


async def test_two_roles(common_world: World, ledger: Ledger) -> None:
    """An admin and a viewer of one tenant see the same data; the log is for the admin alone."""
    async with running(common_world) as app:
        watch = Watch(app, ledger, "two roles of one tenant")
        for tenant in TENANTS:
            people = (tenant.admin, tenant.viewer, tenant.admin)
            for target in [each for each in SHARED if each.has_data_of(tenant)]:
                asked = [request_of(person, target, tenant) for person in people]
                bodies = {await watch.seen(target, tenant, request) for request in asked}
                assert 1 == len(bodies), f"{target.name} depends on the role"
            await watch.seen(AUDIT, tenant)
            await watch.refused(403, AUDIT, request_of(tenant.viewer, AUDIT, tenant))
    assert [] == ledger.faults + ledger.findings


async def test_a_known_token_expires(common_world: World, ledger: Ledger) -> None:
    """A token that was let in a moment ago is turned away when its time is over."""
    both = [(target, tenant) for target in SHARED[:3] for tenant in (ACME, GAMMA)]
    async with running(common_world) as app:
        watch = Watch(app, ledger, "expires after use")
        for target, tenant in both:
            await watch.seen(target, tenant)  # so that the next time is quick
        ends = int(time.time()) + 3
        asked = [
            (target, tenant, request_of(tenant.viewer, target, tenant, exp=ends))
            for target, tenant in both
        ]
        for target, tenant, request in asked:
            await watch.seen(target, tenant, request)
        await asyncio.sleep(ends - time.time() + 0.1)
        for target, _, request in asked:
            await watch.refused(401, target, request)
    assert [] == ledger.faults + ledger.findings


async def test_a_known_token_of_the_other_kind(common_world: World, ledger: Ledger) -> None:
    """A token that was let in where it is right is refused a moment later where it is not."""
    me = next(target for target in TARGETS if target.route == "GET /api/me")
    async with running(common_world) as app:
        watch = Watch(app, ledger, "wrong kind after use")
        for tenant in TENANTS:
            as_user, as_tenant = own_request(me, tenant), own_request(SHARED[0], tenant)
            await watch.seen(me, tenant, as_user)
            await watch.seen(SHARED[0], tenant, as_tenant)
            await watch.refused(401, me, replace(as_user, headers=as_tenant.headers))
            await watch.refused(401, SHARED[0], replace(as_tenant, headers=as_user.headers))
    assert [] == ledger.faults + ledger.findings
