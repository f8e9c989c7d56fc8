"""How often somebody may fail to sign in."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from api_stage import SECRET
from fastapi.testclient import TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from kyros_api.auth.limit import Limit
from kyros_api.auth.passwords import PasswordVerifier, Verdict
from kyros_api.auth.throttle import SignInThrottle, network_of
from kyros_api.errors import TooManyRequestsError
from kyros_api.settings import ApiSettings
from kyros_shared_config import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from api_stage import Stage
    from httpx2 import Response

pytestmark = pytest.mark.databases

ADMIN, ANALYST = "admin@acme.com", "analyst@acme.com"
PASSWORD = "correct horse battery"
WRONG = "incorrect horse battery"


class Clock:
    """The time of day, as the test sets it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = time.time()
        stopped = SimpleNamespace(time=lambda: self.now)
        monkeypatch.setattr("kyros_api.auth.throttle.time", stopped)
        monkeypatch.setattr("limits.storage.memory.time", stopped)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stop the throttle's clock."""
    return Clock(monkeypatch)


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
            clock.now += 100
        assert "600" == login(client, ADMIN, PASSWORD).headers["Retry-After"]
        clock.now += 599.5
        assert "1" == login(client, ADMIN, PASSWORD).headers["Retry-After"]
        clock.now += 1
        assert 401 == login(client, ADMIN, WRONG).status_code
        assert "100" == login(client, ADMIN, PASSWORD).headers["Retry-After"]
        clock.now += 100
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


def make_throttle(account: int = 3, address: int = 100) -> SignInThrottle:
    """Make a throttle of its own, which looks back a quarter of an hour."""
    return SignInThrottle(Limit(account, 900), Limit(address, 900))


def refused_for(throttle: SignInThrottle, email: str = ADMIN, address: str = "192.0.2.1") -> int:
    """Return for how many seconds a sign-in is refused, 0 when it is not."""
    try:
        with throttle.attempt(email, address):
            return 0
    except TooManyRequestsError as error:
        return int(error.headers["Retry-After"])


def fail(throttle: SignInThrottle, email: str, address: str = "192.0.2.1") -> list[str]:
    """Fail once; return what is refused from then on."""
    with throttle.attempt(email, address) as attempt:
        return attempt.failed()


@pytest.mark.usefixtures("clock")
class TestThrottle:
    """The counting itself."""

    def test_being_checked_holds_a_place(self) -> None:
        """While as many as may fail are being checked, one more is told to wait a second."""
        throttle = make_throttle(2)
        with throttle.attempt(ADMIN, "192.0.2.1"), throttle.attempt(ADMIN, "192.0.2.2"):
            assert (1, 0) == (refused_for(throttle), refused_for(throttle, ANALYST))
        assert 0 == refused_for(throttle)

    def test_a_fault_gives_the_place_back(self) -> None:
        """A sign-in that broke off is no failure of the person."""
        throttle = make_throttle(1, 1)
        with pytest.raises(RuntimeError), throttle.attempt(ADMIN, "192.0.2.1"):
            raise RuntimeError
        assert (0, ["account", "address"]) == (refused_for(throttle), fail(throttle, ADMIN))
        assert 900 == refused_for(throttle)

    def test_kinds_are_apart(self) -> None:
        """An account cannot be used up under the name of an address, nor the reverse."""
        throttle = make_throttle(1, 1)
        fail(throttle, "192.0.2.9", ADMIN)
        assert 0 == refused_for(throttle, ADMIN, "192.0.2.9")

    def test_memory(self, clock: Clock) -> None:
        """What has been forgotten takes no memory: an attacker cannot fill it with names."""
        throttle = make_throttle()
        sizes = []
        for hour in range(4):
            for number in range(1500):
                fail(throttle, f"user{number}.{hour}@acme.com", f"192.0.2.{hour}.{number}")
            sizes.append(len(throttle))
            clock.now += 3600
            fail(throttle, ADMIN)
            time.sleep(0.2)  # the storage trims in a thread, some hundredths of a second later
        assert 3000 == sizes[0]
        assert max(sizes) < 2 * 3100

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
    def test_network(self, host: str | None, network: str) -> None:
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
