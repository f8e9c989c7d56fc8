"""Two processes of the API on one database: what one is told holds for the other at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from typing import TYPE_CHECKING, NamedTuple

import pytest
from api_stage import ACME, bearer
from replica_stage import replicas

from kyros_api.auth.passwords import hash_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2
    from operator_stage import Operator

pytestmark = pytest.mark.databases

ADMIN, ANALYST = "admin@acme.com", "analyst@acme.com"
PASSWORD = "correct horse battery"
WRONG = "incorrect horse battery"
AUDIT = f"/api/tenant/{ACME}/audit"


class Replicas(NamedTuple):
    """Two, and who administers what they share."""

    one: httpx2.Client
    other: httpx2.Client
    operator: Operator


@pytest.fixture
def both(operator: Operator) -> Iterator[Replicas]:
    """Start two processes where everybody has a password, and five failures are the limit."""
    operator.database.execute("UPDATE users SET password_hash = :it", it=hash_password(PASSWORD))
    with replicas(operator, 2, SIGN_IN_LIMIT_PER_ACCOUNT="5/15 minutes") as (one, other):
        yield Replicas(one, other, operator)


def login(client: httpx2.Client, email: str, password: str = PASSWORD) -> httpx2.Response:
    """Sign in."""
    return client.post("/api/auth/login", json={"email": email, "password": password})


def user_token(client: httpx2.Client, email: str) -> str:
    """Sign in, and return the token."""
    return str(login(client, email).json()["access_token"])


def enter(client: httpx2.Client, token: str) -> str:
    """Enter Acme, and return the tenant token."""
    answer = client.post(
        "/api/token/exchange", json={"tenant_id": ACME}, headers=bearer(token)
    ).raise_for_status()
    return str(answer.json()["access_token"])


def seen(client: httpx2.Client, path: str, token: str) -> int | str:
    """Return how a question is answered: its status, or the code that it is refused with."""
    answer = client.get(path, headers=bearer(token))
    return answer.status_code if answer.is_success else str(answer.json()["error"]["code"])


def audited(operator: Operator, lines: int) -> list[tuple[str, str, str]]:
    """Return action, outcome and actor of so many lines, once they are in the table."""
    end = time.monotonic() + 20
    while True:
        rows = operator.database.rows("SELECT action, outcome, actor FROM audit_log")
        if len(rows) >= lines or time.monotonic() > end:
            return [(str(action), str(outcome), str(actor)) for action, outcome, actor in rows]
        time.sleep(0.05)


def test_failures_are_counted_together(both: Replicas) -> None:
    """Failures that are spread over both are those of one limit, one after the other."""
    statuses = [
        login(client, ADMIN, WRONG).status_code
        for client, _ in zip(cycle([both.one, both.other]), range(6), strict=False)
    ]
    assert [401] * 5 + [429] == statuses
    for client in (both.one, both.other):
        refused = login(client, ADMIN)
        assert (429, "RATE_LIMITED") == (refused.status_code, refused.json()["error"]["code"])
        assert 800 < int(refused.headers["Retry-After"]) <= 900
        assert 200 == login(client, ANALYST).status_code


def test_failures_at_once_are_counted_together(both: Replicas) -> None:
    """Twenty wrong passwords for one account, half of them at each at once, make five guesses."""
    clients = [both.one, both.other] * 10
    with ThreadPoolExecutor(len(clients)) as threads:
        answers = [*threads.map(lambda client: login(client, ADMIN, WRONG), clients)]
    assert [401] * 5 + [429] * 15 == sorted(answer.status_code for answer in answers)
    assert [
        *[("auth.sign_in", "denied", ADMIN)] * 5,
        ("auth.throttle", "denied", ADMIN),
    ] == sorted(audited(both.operator, 6))


def test_sign_out(both: Replicas) -> None:
    """Who signs out at one is signed out of the other at the next request."""
    user = user_token(both.one, ADMIN)
    tenant = enter(both.one, user)
    questions = [("/api/me", user), (f"/api/tenant/{ACME}", tenant)]
    assert [200, 200] == [seen(both.other, *question) for question in questions]
    both.one.post("/api/auth/logout", headers=bearer(user)).raise_for_status()
    assert ["TOKEN_REVOKED"] * 2 == [seen(both.other, *question) for question in questions]


def test_role_and_access(both: Replicas) -> None:
    """A role that is changed, and access that is taken, holds in both at the next request."""
    token = enter(both.one, user_token(both.other, ADMIN))
    here_and_there = both.one, both.other
    assert [200, 200] == [seen(client, AUDIT, token) for client in here_and_there]
    both.operator.do("role", "grant", ADMIN, "acme-corp", "viewer")
    assert ["ADMIN_REQUIRED"] * 2 == [seen(client, AUDIT, token) for client in here_and_there]
    assert [200, 200] == [seen(client, f"/api/tenant/{ACME}", token) for client in here_and_there]
    both.operator.do("role", "revoke", ADMIN, "acme-corp")
    assert ["TENANT_ACCESS_DENIED"] * 2 == [seen(client, AUDIT, token) for client in here_and_there]


def test_audit(both: Replicas) -> None:
    """The log has what happened at either, each once, and either shows all of it."""
    users = [user_token(client, ADMIN) for client in (both.one, both.other)]
    tokens = [enter(*pair) for pair in zip((both.other, both.one), users, strict=True)]
    both.one.post("/api/auth/logout", headers=bearer(users[1])).raise_for_status()
    happened = [("auth.sign_in", "allowed", ADMIN)] * 2
    happened += [("auth.sign_out", "allowed", ADMIN), *[("token.exchange", "allowed", ADMIN)] * 2]
    assert happened == sorted(audited(both.operator, len(happened)))
    pages = [
        client.get(AUDIT, headers=bearer(tokens[0])).raise_for_status().json()
        for client in (both.one, both.other)
    ]
    assert pages[0] == pages[1]
    assert sorted(action for action, *_ in happened) == sorted(
        line["action"] for line in pages[0]["events"]
    )
