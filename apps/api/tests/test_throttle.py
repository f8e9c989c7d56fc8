"""How often somebody may fail to sign in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from api_stage import SECRET
from fastapi.testclient import TestClient
from sqlalchemy import text
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from kyros_api.auth.passwords import PasswordVerifier, Verdict
from kyros_api.auth.throttle import network_of
from kyros_api.metadata.engine import open_engine
from kyros_api.settings import ApiSettings
from kyros_shared_config import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api_stage import Clock, Stage
    from httpx2 import Response
    from sqlalchemy import Connection

pytestmark = pytest.mark.databases

ADMIN, ANALYST = "admin@acme.com", "analyst@acme.com"
PASSWORD = "correct horse battery"
WRONG = "incorrect horse battery"
UNAVAILABLE = (503, "DATABASE_UNAVAILABLE")


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Check passwords without hashing, and collect what was checked."""
    seen: list[str] = []

    async def verify(_self: PasswordVerifier, password: str, stored: str | None) -> Verdict:
        seen.append(password)
        return Verdict(correct=password == PASSWORD and stored is not None, new_hash=None)

    monkeypatch.setattr(PasswordVerifier, "verify", verify)
    return seen


@pytest.fixture
def start(make_stage: Callable[..., Stage]) -> Callable[..., Stage]:
    """Return what starts an API with limits, where everybody has a password."""

    def start(account: str = "3/15 minutes", address: str = "100/15 minutes") -> Stage:
        stage = make_stage(sign_in_limit_per_account=account, sign_in_limit_per_address=address)
        stage.database.execute("UPDATE users SET password_hash = 'any'")
        return stage

    return start


def login(client: TestClient, email: str, password: str, **headers: str) -> Response:
    """Sign in."""
    body = {"email": email, "password": password}
    return client.post("/api/auth/login", json=body, headers=headers)


def code(answer: Response) -> tuple[int, str]:
    """Return how a request was refused."""
    return answer.status_code, answer.json()["error"]["code"]


def audited(stage: Stage) -> list[tuple[str, ...]]:
    """Return action, outcome, actor and details of what was audited, in order."""
    assert stage.flush_audit()
    return stage.database.rows(
        "SELECT action, outcome, actor, details ->> 'reason' AS reason,"
        " details ->> 'address' AS address"
        " FROM audit_log ORDER BY id"
    )


@pytest.mark.usefixtures("clock")
class TestSignIn:
    """POST /api/auth/login, too often."""

    @pytest.mark.parametrize("email", [ADMIN, "nobody@acme.com"])
    def test_account(self, start: Callable[..., Stage], checked: list[str], email: str) -> None:
        """After so many failures an account, real or not, is refused unseen; others are not."""
        client = start().client
        statuses = [login(client, email, WRONG).status_code for _ in range(3)]
        answer = login(client, email.upper(), PASSWORD)
        assert [401, 401, 401, 429] == [*statuses, answer.status_code]
        error = answer.json()["error"]
        assert ("RATE_LIMITED", {"retry_after": 900}) == (error["code"], error["details"])
        assert "900" == answer.headers["Retry-After"]
        assert [WRONG] * 3 == checked
        assert 200 == login(client, ANALYST, PASSWORD).status_code

    @pytest.mark.usefixtures("checked")
    def test_window(self, start: Callable[..., Stage], clock: Clock) -> None:
        """Each failure is forgotten when its time is over, and the answer says when that is."""
        client = start().client
        for _ in range(3):
            login(client, ADMIN, WRONG)
            clock.forward(100)
        assert "600" == login(client, ADMIN, PASSWORD).headers["Retry-After"]
        clock.forward(599.5)
        assert "1" == login(client, ADMIN, PASSWORD).headers["Retry-After"]
        clock.forward(1)
        assert 401 == login(client, ADMIN, WRONG).status_code
        assert "100" == login(client, ADMIN, PASSWORD).headers["Retry-After"]
        clock.forward(100)
        assert 200 == login(client, ADMIN, PASSWORD).status_code

    @pytest.mark.usefixtures("checked")
    def test_success_forgets(self, start: Callable[..., Stage]) -> None:
        """A success makes the account's failures undone, and is no failure of the address."""
        client = start(address="7/15 minutes").client
        for _ in range(3):
            assert 401 == login(client, ADMIN, WRONG).status_code
            assert 401 == login(client, ADMIN, WRONG).status_code
            assert 200 == login(client, ADMIN, PASSWORD).status_code
        assert 401 == login(client, ANALYST, WRONG).status_code
        assert 429 == login(client, ANALYST, PASSWORD).status_code

    def test_address(self, start: Callable[..., Stage], checked: list[str]) -> None:
        """After so many failures, of whatever accounts, an address is refused; others are not."""
        api = ProxyHeadersMiddleware(start(address="4/15 minutes").client.app, "testclient")  # type: ignore[arg-type]
        client = TestClient(api)  # type: ignore[arg-type]
        here = {"X-Forwarded-For": "2001:db8:1:2::a"}
        next_door = {"X-Forwarded-For": "2001:db8:1:2:ffff::b"}
        elsewhere = {"X-Forwarded-For": "2001:db8:1:3::a"}
        for number in range(4):
            assert 401 == login(client, f"user{number}@acme.com", WRONG, **here).status_code
        assert 429 == login(client, ADMIN, PASSWORD, **here).status_code
        assert 429 == login(client, ADMIN, PASSWORD, **next_door).status_code
        assert [WRONG] * 4 == checked
        assert 200 == login(client, ADMIN, PASSWORD, **elsewhere).status_code

    def test_forwarded_by_a_stranger(self, start: Callable[..., Stage], checked: list[str]) -> None:
        """Who is not a proxy of ours changes nothing by naming other addresses."""
        api = ProxyHeadersMiddleware(start(address="4/15 minutes").client.app, "127.0.0.1")  # type: ignore[arg-type]
        client = TestClient(api)  # type: ignore[arg-type]
        statuses = [
            login(
                client, f"user{number}@acme.com", WRONG, **{"X-Forwarded-For": f"192.0.2.{number}"}
            ).status_code
            for number in range(6)
        ]
        assert [401] * 4 + [429] * 2 == statuses
        assert 4 == len(checked)

    def test_audited_once(self, start: Callable[..., Stage], checked: list[str]) -> None:
        """Each failure is audited, and that the door was shut; not each knock after that."""
        stage = start("2/15 minutes", "3/15 minutes")
        for email in (ADMIN, ADMIN, ADMIN, ADMIN, ANALYST, ANALYST, ADMIN):
            login(stage.client, email, WRONG)
        denied = ("denied", ADMIN, "wrong password", "unknown")
        assert [
            ("auth.sign_in", *denied),
            ("auth.sign_in", *denied),
            ("auth.throttle", "denied", ADMIN, "too many failures of this account", "unknown"),
            ("auth.sign_in", "denied", ANALYST, "wrong password", "unknown"),
            ("auth.throttle", "denied", ANALYST, "too many failures of this address", "unknown"),
        ] == audited(stage)
        assert 3 == len(checked)

    def test_many_at_once(self, start: Callable[..., Stage]) -> None:
        """Wrong passwords that come all at once get no further than one after the other."""
        client = start("5/15 minutes").client
        with ThreadPoolExecutor(20) as threads:
            answers = threads.map(lambda _: login(client, ADMIN, WRONG).status_code, range(20))
        assert [401] * 5 + [429] * 15 == sorted(answers)


@pytest.fixture
def keep_writing(
    start: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Stage, Callable[[], Connection]]]:
    """Start an API with little patience, and return what keeps its database from taking writes."""
    monkeypatch.setattr("kyros_api.metadata.engine.BUSY_TIMEOUT_MS", 200)
    stage = start("1/15 minutes")
    engine = open_engine(stage.database.location)
    with ExitStack() as kept:

        def keep() -> Connection:
            connection = kept.enter_context(engine.connect())
            if engine.dialect.name == "postgresql":  # SQLite has but one writer
                connection.execute(text("LOCK TABLE sign_in_places IN EXCLUSIVE MODE"))
            else:
                connection.begin()
            return connection

        yield stage, keep
    engine.dispose()


class TestDatabase:
    """While failures cannot be counted nobody is let in, and nobody learns anything."""

    @pytest.mark.parametrize("password", [PASSWORD, WRONG])
    def test_takes_no_writes(
        self,
        keep_writing: tuple[Stage, Callable[[], Connection]],
        checked: list[str],
        password: str,
    ) -> None:
        """A sign-in whose place cannot be taken is refused unseen, and is no failure."""
        stage, keep = keep_writing
        with keep():
            assert UNAVAILABLE == code(login(stage.client, ADMIN, password))
        assert [] == checked
        assert 200 == login(stage.client, ADMIN, PASSWORD).status_code

    @pytest.mark.parametrize("password", [PASSWORD, WRONG])
    def test_takes_no_more_writes(
        self,
        keep_writing: tuple[Stage, Callable[[], Connection]],
        monkeypatch: pytest.MonkeyPatch,
        password: str,
    ) -> None:
        """One whose outcome cannot be written holds its place; right and wrong look alike."""
        stage, keep = keep_writing
        kept = []

        async def verify(_self: PasswordVerifier, given: str, _stored: str | None) -> Verdict:
            kept.append(keep())
            return Verdict(correct=given == PASSWORD, new_hash=None)

        monkeypatch.setattr(PasswordVerifier, "verify", verify)
        assert UNAVAILABLE == code(login(stage.client, ADMIN, password))
        kept.pop().close()
        answer = login(stage.client, ADMIN, PASSWORD)
        assert (429, "1") == (answer.status_code, answer.headers["Retry-After"])

    def test_without_the_table(
        self, start: Callable[..., Stage], checked: list[str], caplog: pytest.LogCaptureFixture
    ) -> None:
        """A database that was not migrated lets nobody try; the log says why, in a line."""
        stage = start()
        stage.database.execute("DROP TABLE sign_in_places")
        assert UNAVAILABLE == code(login(stage.client, ADMIN, PASSWORD))
        assert [] == checked
        assert "sign_in_places" in caplog.text
        assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_network(host: str | None, network: str) -> None:
    """An IPv4 address is counted for itself, an IPv6 one for its /64, all else as one."""
    assert network == network_of(host)


class TestSettings:
    """SIGN_IN_LIMIT_PER_ACCOUNT and SIGN_IN_LIMIT_PER_ADDRESS."""

    def settings(self, monkeypatch: pytest.MonkeyPatch, **limits: str) -> ApiSettings:
        """Start with these limits."""
        monkeypatch.setenv("JWT_SECRET_KEY", SECRET)
        for name, limit in limits.items():
            monkeypatch.setenv(f"SIGN_IN_LIMIT_PER_{name.upper()}", limit)
        return load_settings(ApiSettings)

    def test_defaults(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Ten for an account, a hundred for an address, looking back a quarter of an hour."""
        settings = self.settings(monkeypatch, account="", address="")
        assert (10, 900) == (*settings.sign_in_limit_per_account,)
        assert (100, 900) == (*settings.sign_in_limit_per_address,)

    def test_given(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is written is what holds."""
        settings = self.settings(monkeypatch, account="5/minute", address="20/2 hours")
        assert (5, 60) == (*settings.sign_in_limit_per_account,)
        assert (20, 7200) == (*settings.sign_in_limit_per_address,)

    @pytest.mark.parametrize(
        "limit", ["ten", "10", "0/minute", "5/minute; 9/hour", "10/0 minutes", "-1/minute"]
    )
    def test_wrong(self, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
        """What is no limit stops the start with one sentence that names the variable."""
        with pytest.raises(SystemExit) as stopped:
            self.settings(monkeypatch, account=limit)
        assert (
            "Cannot start: SIGN_IN_LIMIT_PER_ACCOUNT is not a limit: "
            "write how many in how long, such as 10/15 minutes." == str(stopped.value)
        )
