"""Sign-in with email and password."""

from __future__ import annotations

import json
import logging
import statistics
import time
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from api_stage import ACME, BETA
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.exc import OperationalError

from kyros_api.auth import sign_in
from kyros_api.auth.passwords import PasswordVerifier, Verdict, hash_password
from kyros_api.auth.queries import replace_hash
from kyros_api.metadata.engine import open_engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from api_stage import Stage
    from httpx2 import Response

pytestmark = pytest.mark.databases

ADMIN, ANALYST, VIEWER = "admin@acme.com", "analyst@acme.com", "viewer@beta.com"
PASSWORD = "correct horse battery"
WRONG = "incorrect horse battery"
WEAK = Argon2Hasher(time_cost=1, memory_cost=1024, parallelism=1)


@pytest.fixture(scope="session")
def hashed() -> str:
    """Hash the password once."""
    return hash_password(PASSWORD)


@pytest.fixture
def signing_in(stage: Stage, hashed: str) -> Stage:
    """Start an API where the viewer has no password, and the analyst one but is disabled."""
    run_sql(stage, "UPDATE users SET password_hash = ? WHERE email <> ?", hashed, VIEWER)
    run_sql(stage, "UPDATE users SET is_active = FALSE WHERE email = ?", ANALYST)
    return stage


@pytest.fixture
def compared_with(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the parameters of the hashes that passwords are compared with."""
    seen: list[str] = []
    verify = Argon2Hasher.verify

    def watch(self: Argon2Hasher, password: str, stored: str) -> bool:
        seen.append(stored.rsplit("$", 2)[0])
        return verify(self, password, stored)

    monkeypatch.setattr(Argon2Hasher, "verify", watch)
    return seen


def run_sql(stage: Stage, sql: str, *values: str) -> list[Any]:
    """Read or change the metadata behind the API's back."""
    named = {f"value{number}": value for number, value in enumerate(values)}
    for name in named:
        sql = sql.replace("?", f":{name}", 1)
    return stage.database.rows(sql, **named)


def login(stage: Stage, email: str, password: str) -> Response:
    """Sign in."""
    return stage.client.post("/api/auth/login", json={"email": email, "password": password})


def audited(stage: Stage) -> list[tuple[str | None, ...]]:
    """Return action, outcome, actor and reason of what was audited, in order."""
    assert stage.flush_audit()
    rows = run_sql(stage, "SELECT action, outcome, actor, details FROM audit_log ORDER BY id")
    return [(*row[:3], json.loads(row[3]).get("reason")) for row in rows]


class TestRefused:
    """Who is not let in learns nothing of why."""

    REASONS = (
        ("nobody@acme.com", PASSWORD, "unknown user"),
        (ANALYST, PASSWORD, "disabled user"),
        (VIEWER, PASSWORD, "no password"),
        (ADMIN, WRONG, "wrong password"),
    )

    def test_alike(self, signing_in: Stage) -> None:
        """Unknown, disabled, without a password and wrong: one answer, but for time and id."""
        answers = [login(signing_in, email, password) for email, password, _ in self.REASONS]
        errors = [answer.json()["error"] for answer in answers]
        for error in errors:
            del error["timestamp"], error["request_id"]
        assert [
            {
                "code": "INVALID_CREDENTIALS",
                "message": "The email or the password is wrong.",
                "details": None,
            }
        ] * 4 == errors
        headers = [dict(answer.headers, **{"x-request-id": ""}) for answer in answers]
        assert [headers[0]] * 4 == headers
        assert (401, 'Bearer realm="kyros"') == (
            answers[0].status_code,
            answers[0].headers["WWW-Authenticate"],
        )

    def test_same_work(self, signing_in: Stage, compared_with: list[str]) -> None:
        """Each costs one comparison with a hash of the same parameters."""
        for email, password, _ in self.REASONS:
            login(signing_in, email, password)
        assert ["$argon2id$v=19$m=65536,t=3,p=4"] * 4 == compared_with

    def test_same_time(self, signing_in: Stage) -> None:
        """A clock does not tell a wrong password from an unknown user."""
        times: dict[str, list[float]] = {ADMIN: [], "nobody@acme.com": []}
        for _ in range(7):
            for email, taken in times.items():  # by turns, so that both meet the same load
                began = time.perf_counter()
                assert 401 == login(signing_in, email, WRONG).status_code
                taken.append(time.perf_counter() - began)
        medians = [statistics.median(taken) for taken in times.values()]
        assert 0.5 < medians[0] / medians[1] < 2
        assert min(medians) > 0.02

    def test_audited(self, signing_in: Stage) -> None:
        """The audit log knows why."""
        for email, password, _ in self.REASONS:
            login(signing_in, email, password)
        assert [
            ("auth.sign_in", "denied", email, reason) for email, _, reason in self.REASONS
        ] == audited(signing_in)

    def test_disabled_meanwhile(self, signing_in: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        """Somebody who is disabled while the password is checked does not get in."""
        verify = PasswordVerifier.verify

        async def slowly(self: PasswordVerifier, password: str, stored: str | None) -> Verdict:
            run_sql(signing_in, "UPDATE users SET is_active = FALSE")
            return await verify(self, password, stored)

        monkeypatch.setattr(PasswordVerifier, "verify", slowly)
        assert 401 == login(signing_in, ADMIN, PASSWORD).status_code
        assert [("auth.sign_in", "denied", ADMIN, "disabled user")] == audited(signing_in)

    def test_too_many_at_once(
        self, signing_in: Stage, monkeypatch: pytest.MonkeyPatch, compared_with: list[str]
    ) -> None:
        """When too many wait already, one more is told to come again and costs nothing."""
        monkeypatch.setattr(PasswordVerifier, "busy", True)
        answer = login(signing_in, ADMIN, PASSWORD)
        assert (503, "SIGN_IN_BUSY", "2") == (
            answer.status_code,
            answer.json()["error"]["code"],
            answer.headers["Retry-After"],
        )
        assert [] == compared_with


class TestLetIn:
    """Who is let in, and what they get."""

    @pytest.mark.parametrize("mode", ["demo", "password"])
    def test_token(self, make_stage: Callable[..., Stage], hashed: str, mode: str) -> None:
        """In both modes the right password gives a bearer token for an hour."""
        stage = make_stage(auth_mode=mode)
        run_sql(stage, "UPDATE users SET password_hash = ?", hashed)
        answer = login(stage, " Admin@ACME.com ", PASSWORD)
        body = answer.json()
        claims = jwt.decode(body.pop("access_token"), options={"verify_signature": False})
        assert (200, "no-store") == (answer.status_code, answer.headers["Cache-Control"])
        assert {"token_type": "Bearer", "expires_in": 3600} == body
        assert (ADMIN, [ACME, BETA], 3600) == (
            claims["email"],
            claims["tenant_ids"],
            claims["exp"] - claims["iat"],
        )
        assert [("auth.sign_in", "allowed", ADMIN, None)] == audited(stage)

    def test_weak_hash_is_renewed(self, signing_in: Stage) -> None:
        """A hash of older parameters is replaced when its password is seen, and only then."""
        weak = WEAK.hash(PASSWORD)
        run_sql(signing_in, "UPDATE users SET password_hash = ?", weak)
        login(signing_in, ADMIN, WRONG)
        kept = "SELECT password_hash FROM users WHERE email = ?"
        assert [(weak,)] == run_sql(signing_in, kept, ADMIN)
        assert 200 == login(signing_in, ADMIN, PASSWORD).status_code
        ((renewed,),) = run_sql(signing_in, kept, ADMIN)
        assert renewed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        assert 200 == login(signing_in, ADMIN, PASSWORD).status_code
        assert [(renewed,)] == run_sql(signing_in, kept, ADMIN)

    def test_renewal_is_no_condition(
        self, signing_in: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A database that takes no writes at the moment keeps nobody out."""

        def locked(*_args: object) -> None:
            raise OperationalError("UPDATE users", {"password_hash": "x"}, Exception("locked"))

        run_sql(signing_in, "UPDATE users SET password_hash = ?", WEAK.hash(PASSWORD))
        monkeypatch.setattr(sign_in, "replace_hash", locked)
        assert 200 == login(signing_in, ADMIN, PASSWORD).status_code

    def test_renewal_loses_to_a_new_password(self, stage: Stage) -> None:
        """A password that was set meanwhile is not overwritten."""
        run_sql(stage, "UPDATE users SET password_hash = 'newer'")
        ((user_id,),) = run_sql(stage, "SELECT id FROM users WHERE email = ?", ADMIN)
        engine = open_engine(stage.database.location)
        with engine.begin() as connection:
            replace_hash(connection, user_id, "older", "renewed")
            replace_hash(connection, "another", "newer", "renewed")
        engine.dispose()
        assert [("newer",)] == run_sql(stage, "SELECT DISTINCT password_hash FROM users")


class TestSecrecy:
    """A password is seen by nobody."""

    @pytest.mark.parametrize(
        "body",
        [
            {"password": WRONG},
            {"email": ADMIN, "password": [WRONG]},
            {"email": ADMIN, "password": {WRONG: WRONG}},
            {"email": ADMIN, "password": WRONG * 6},
            {"email": ADMIN, "password": ""},
            {"email": "no-at", "password": WRONG},
            {"email": "a\x00@acme.com", "password": WRONG},
            [WRONG],
            WRONG,
        ],
    )
    def test_malformed(
        self, signing_in: Stage, body: object, caplog: pytest.LogCaptureFixture
    ) -> None:
        """A body that is not of the form is a 400 that does not say what was sent."""
        caplog.set_level(logging.DEBUG)
        answer = signing_in.client.post("/api/auth/login", json=body)
        assert (400, "INVALID_REQUEST") == (answer.status_code, answer.json()["error"]["code"])
        assert WRONG not in answer.text
        assert WRONG not in caplog.text
        assert [] == audited(signing_in)

    @pytest.mark.parametrize(
        "content",
        [
            b'{"email": "admin@acme.com", "password": "incorrect horse battery"',
            b'{"email": "admin\\ud800@acme.com", "password": "incorrect horse battery"}',
            b'{"email": "admin@acme.com", "password": "incorrect horse battery\xff"}',
        ],
    )
    def test_not_json(self, signing_in: Stage, content: bytes) -> None:
        """Neither does one that is cut off, or no text."""
        answer = signing_in.client.post(
            "/api/auth/login", content=content, headers={"Content-Type": "application/json"}
        )
        assert (400, "INVALID_REQUEST") == (answer.status_code, answer.json()["error"]["code"])
        assert WRONG not in answer.text

    def test_no_text(self, signing_in: Stage) -> None:
        """Half a character, which JSON can name, is as wrong as any other password."""
        answer = signing_in.client.post(
            "/api/auth/login",
            content=b'{"email": "admin@acme.com", "password": "\\ud800"}',
            headers={"Content-Type": "application/json"},
        )
        assert 401 == answer.status_code

    def test_longest(self, signing_in: Stage) -> None:
        """What may be set may be sent, in any script."""
        assert 401 == login(signing_in, ADMIN, "語" * 128).status_code
        assert 400 == login(signing_in, ADMIN, "語" * 129).status_code

    def test_logs(self, signing_in: Stage, caplog: pytest.LogCaptureFixture) -> None:
        """Neither the logs nor the audit log hold a password or a hash, whatever the outcome."""
        caplog.set_level(logging.DEBUG)
        assert 200 == login(signing_in, ADMIN, PASSWORD).status_code
        assert 401 == login(signing_in, ADMIN, WRONG).status_code
        assert 2 == len(audited(signing_in))
        said = caplog.text + repr([vars(record) for record in caplog.records])
        said += repr(run_sql(signing_in, "SELECT * FROM audit_log"))
        assert ADMIN in said
        assert not [secret for secret in (PASSWORD, WRONG, "argon2id") if secret in said]

    def test_failures(
        self,
        signing_in: Stage,
        caplog: pytest.LogCaptureFixture,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """A bug on the way leaves a traceback in the log, and no password in it."""

        def fail(*_args: object) -> None:
            raise RuntimeError("something broke")

        caplog.set_level(logging.DEBUG)
        monkeypatch.setattr(sign_in, "find_credentials", fail)
        answer = login(signing_in, ADMIN, PASSWORD)
        assert (500, "INTERNAL_ERROR") == (answer.status_code, answer.json()["error"]["code"])
        assert "something broke" in caplog.text
        assert PASSWORD not in caplog.text + answer.text
