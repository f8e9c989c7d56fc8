"""The proof: every route, every two tenants, every credential and every trick; and the verdict.

Each attempt has its control in the same run: the same question with the right credential, which
must be answered with the data that the attempt is after. So a refusal says that the data was
kept, not that there was none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from isolation.attack import Attack
from isolation.credentials import CREDENTIALS
from isolation.evidence import search, shown
from isolation.routes import TARGETS
from isolation.tokens import FOREIGN_SECRET, Situation, bearer, claims, right, sign
from isolation.tricks import TRICKS
from isolation.wire import send
from isolation.world import PAIRS, TENANTS

if TYPE_CHECKING:
    from collections.abc import Collection

    from isolation.credentials import Credential
    from isolation.evidence import Shown
    from isolation.ledger import Ledger
    from isolation.target import Target
    from isolation.tricks import Trick
    from isolation.wire import Answer, App, Request
    from isolation.world import Person, Tenant


T = TypeVar("T")
RIGHT = "the right credential"
OK, NOT_MODIFIED, NOT_FOUND, BROKEN = 200, 304, 404, 500


class Proof:
    """A run of the proof against one running application.

    Args:
        app: that answers.
        ledger: where everything is written down.
        pairs: of attacker and victim.
        rows: the only credentials and tricks that are tried, by name; all without it.
    """

    def __init__(
        self,
        app: App,
        ledger: Ledger,
        pairs: Collection[tuple[Tenant, Tenant]] = PAIRS,
        rows: Collection[str] | None = None,
    ) -> None:
        self._app = app
        self._pairs = pairs
        self._rows = rows
        self._own_answers: dict[tuple[str, str], Answer] = {}
        self._turn = 0
        self.ledger = ledger

    async def run(self) -> None:
        """Try everything."""
        for target in TARGETS:
            for victim in TENANTS:
                attackers = [one for one, other in self._pairs if other == victim]
                if attackers and target.has_data_of(victim):
                    await self._right(target, victim)
                    await self._credentials(target, victim, attackers)
                    await self._tricks(target, victim, attackers)

    def _wanted(self, row: str) -> bool:
        return self._rows is None or row in self._rows

    async def _right(self, target: Target, tenant: Tenant) -> None:
        """Ask as one should: also then nothing of anybody else may be in the answer."""
        await self._control(RIGHT, target, tenant)
        request = own_request(target, tenant)
        answer = await self._own(target, tenant)
        wrong = _wrong_in_any_case(target, answer, request, tenant)
        self.ledger.attempt(RIGHT, target.route, request, answer.status, wrong)

    async def _credentials(
        self, target: Target, victim: Tenant, attackers: Collection[Tenant]
    ) -> None:
        for credential in CREDENTIALS:
            fits = credential.fits(_situation(target, victim, victim))
            if not fits or not self._wanted(credential.name):
                continue
            await self._control(credential.name, target, victim)
            for attacker in attackers:
                for request in self._some(target, _ways(target, credential, attacker, victim)):
                    answer = await send(self._app, request)
                    wrong = await self._judge_credential(
                        target, credential, (attacker, victim), request, answer
                    )
                    self.ledger.attempt(
                        credential.name, target.route, request, answer.status, wrong
                    )

    async def _tricks(self, target: Target, victim: Tenant, attackers: Collection[Tenant]) -> None:
        theirs = await self._own(target, victim)
        for trick in TRICKS:
            fits = target.tricks is None or trick.name in target.tricks
            if not fits or not self._wanted(trick.name):
                continue
            tried = False
            for attacker in attackers:
                attack = _attack(target, attacker, victim, theirs.header("etag"))
                for request in self._some(target, [*trick.make(attack)]):
                    answer = await send(self._app, request)
                    wrong = await self._judge_trick(target, trick, attacker, request, answer)
                    self.ledger.attempt(trick.name, target.route, request, answer.status, wrong)
                    tried = True
            if tried:
                await self._control(trick.name, target, victim)

    def _some(self, target: Target, ways: list[T]) -> list[T]:
        """Return every way, or where the target is one of many alike, another one each time."""
        if not target.brief or not ways:
            return ways
        self._turn += 1
        return [ways[self._turn % len(ways)]]

    async def _own(self, target: Target, tenant: Tenant) -> Answer:
        """Return what the tenant is answered when it asks for its own, as it should."""
        key = (target.name, tenant.id)
        if key not in self._own_answers:
            self._own_answers[key] = await send(self._app, own_request(target, tenant))
        return self._own_answers[key]

    async def _control(self, row: str, target: Target, victim: Tenant) -> None:
        """Ask with the right credential: the data must be there, and be the victim's alone."""
        request = own_request(target, victim)
        answer = await send(self._app, request)
        first = self._own_answers.setdefault((target.name, victim.id), answer)
        problem = control_problem(target, victim, request, answer)
        if problem is None and target.steady and answer.body != first.body:
            problem = "was answered otherwise than before"
        self.ledger.control(row, target.route, request, problem)

    async def _judge_credential(
        self,
        target: Target,
        credential: Credential,
        who: tuple[Tenant, Tenant],
        request: Request,
        answer: Answer,
    ) -> str | None:
        """Return what is wrong with the answer to a credential, None when nothing is."""
        attacker, victim = who
        own_tenant = attacker if credential.expected == "own" else None
        if wrong := _wrong_in_any_case(target, answer, request, own_tenant):
            return wrong
        if target.kind is None or answer.status in target.refusals[credential.expected]:
            return None
        if own_tenant is None or target.names_tenant:
            return f"answered {answer.status} to whom it must turn away"
        same_question = target.request(attacker) == target.request(victim)
        if answer.status != OK or not same_question or target.kind != "tenant":
            return None
        # What depends on who of a tenant asks is held to showing the tenant, and nobody else's.
        theirs = await self._own(target, attacker)
        own = (
            answer.body == theirs.body if target.steady else not _missing(target, answer, attacker)
        )
        return None if own else "an answer that is not its own one"

    async def _judge_trick(
        self, target: Target, trick: Trick, attacker: Tenant, request: Request, answer: Answer
    ) -> str | None:
        """Return what is wrong with the answer to a trick, None when nothing is."""
        if wrong := _wrong_in_any_case(target, answer, request, attacker):
            return wrong
        if answer.status == NOT_MODIFIED:
            return "confirmed that the victim's answer is unchanged"
        if answer.status != OK or not answer.body:
            return None
        theirs = await self._own(target, attacker)
        if theirs.status != OK:
            return "let in by a trick who is refused without it"
        if target.steady and not trick.changes and answer.body != theirs.body:
            return "the trick changed the answer"
        return None


def _wrong_in_any_case(
    target: Target, answer: Answer, request: Request, own_tenant: Tenant | None
) -> str | None:
    if found := _foreign(target, answer, request, own_tenant):
        return found
    return f"broke with {answer.status}" if answer.status >= BROKEN else None


def _foreign(
    target: Target, answer: Answer, request: Request, own_tenant: Tenant | None
) -> str | None:
    """Return what the answer shows of others; who asks without a credential has no tenant."""
    mine = own_tenant if target.kind else None
    others = [tenant for tenant in TENANTS if tenant != mine]
    found = search(answer, request, others, target.known)
    return f"shows {', '.join(found)}" if found else None


def control_problem(target: Target, tenant: Tenant, request: Request, answer: Answer) -> str | None:
    """Return why an answer is not the tenant's own data and nobody else's, None when it is."""
    wanted = NOT_FOUND if target.closed else OK
    if answer.status != wanted:
        return f"was answered {answer.status} instead of {wanted}"
    if found := _foreign(target, answer, request, tenant):
        return found
    if missing := _missing(target, answer, tenant):
        return f"does not show the {' and the '.join(sorted(missing))} of {tenant.slug}"
    return None


def _missing(target: Target, answer: Answer, tenant: Tenant) -> frozenset[Shown]:
    return target.shows - shown(answer, tenant)


def _situation(target: Target, attacker: Tenant, victim: Tenant) -> Situation:
    return Situation(target.kind or "user", attacker, victim, target.admin)


def _ways(
    target: Target, credential: Credential, attacker: Tenant, victim: Tenant
) -> list[Request]:
    presented = credential.make(_situation(target, attacker, victim))
    requests = [target.carry(target.request(victim), each) for each in presented]
    return [request for request in requests if request is not None]


def own_request(target: Target, tenant: Tenant) -> Request:
    """Return the tenant's request for its own data, with the right credential."""
    return _carried(target, tenant, right(_situation(target, tenant, tenant)))


def request_of(person: Person, target: Target, tenant: Tenant, **changes: object) -> Request:
    """Return somebody's request for a tenant's data, with a token for it that says what it should.

    Args:
        person: who asks.
        target: what for.
        tenant: whose data.
        changes: to what the token says.
    """
    said = claims(_situation(target, tenant, tenant), tenant, person) | changes
    return _carried(target, tenant, sign(said))


def asked_by(stranger: Tenant, target: Target, tenant: Tenant) -> Request:
    """Return the request for a tenant's data by somebody of another one, with their own token."""
    return _carried(target, tenant, right(_situation(target, stranger, stranger)))


def _carried(target: Target, tenant: Tenant, credential: str) -> Request:
    request = target.carry(target.request(tenant), bearer(credential))
    assert request is not None, f"{target.name} cannot carry the right credential"
    return request


def _attack(target: Target, attacker: Tenant, victim: Tenant, tag: str) -> Attack:
    wanted = claims(_situation(target, attacker, victim), victim)
    return Attack(
        target=target,
        request=own_request(target, attacker),
        attacker=attacker,
        victim=victim,
        forged=sign(wanted, FOREIGN_SECRET),
        tag=tag,
    )
