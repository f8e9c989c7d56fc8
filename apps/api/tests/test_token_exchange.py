"""Both ways to exchange a token, held to the same rules."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

import jwt
import pytest
from api_stage import ACME, BETA, SECRET, bearer

from kyros_shared_config import TokenAuthority, UserClaims

if TYPE_CHECKING:
    from collections.abc import Callable

    from api_stage import Stage
    from httpx2 import Response

pytestmark = pytest.mark.databases

OTHER_KEY = "c2e8417fd06b95a3e1d7f0842ab6c935"
ANALYST = UserClaims(
    sub="c1a5b7d2-3e4f-4a6b-8c9d-0e1f2a3b4c5d", email="analyst@acme.com", tenant_ids=[ACME]
)
ASK = {
    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
    "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
}


def ask_with_json(stage: Stage, token: str, tenant_id: str) -> Response:
    """Exchange in the API's own way."""
    return stage.client.post(
        "/api/token/exchange", json={"tenant_id": tenant_id}, headers=bearer(token)
    )


def ask_with_form(stage: Stage, token: str, tenant_id: str) -> Response:
    """Exchange in the standard's way."""
    form = {**ASK, "subject_token": token, "audience": tenant_id}
    return stage.client.post("/api/token", data=form)


class Way(NamedTuple):
    """One way to exchange, and how it says no."""

    exchange: Callable[[Stage, str, str], Response]
    denied: tuple[int, str]
    invalid: tuple[int, str]
    expired: tuple[int, str]
    away: tuple[int, str]


BY_JSON = Way(
    ask_with_json,
    denied=(403, "TENANT_ACCESS_DENIED"),
    invalid=(401, "TOKEN_INVALID"),
    expired=(401, "TOKEN_EXPIRED"),
    away=(503, "DATABASE_UNAVAILABLE"),
)
BY_FORM = Way(
    ask_with_form,
    denied=(400, "invalid_target"),
    invalid=(400, "invalid_request"),
    expired=(400, "invalid_request"),
    away=(503, "temporarily_unavailable"),
)


def error_of(answer: Response) -> tuple[int, str]:
    """Return the status and the code of a refusal in either form."""
    error = answer.json()["error"]
    return answer.status_code, error if isinstance(error, str) else error["code"]


def message_of(answer: Response) -> str:
    """Return the sentence of a refusal in either form."""
    error = answer.json()["error"]
    return str(answer.json()["error_description"] if isinstance(error, str) else error["message"])


def claims_of(answer: Response) -> dict[str, Any]:
    """Return the verified claims of the tenant token in an answer."""
    assert 200 == answer.status_code, answer.text
    token = answer.json()["access_token"]
    return jwt.decode(token, SECRET, ["HS256"], audience="kyros:tenant", issuer="kyros")


def user_token(**changes: object) -> str:
    """Sign a user token with some claims changed."""
    now = int(time.time())
    return jwt.encode(
        {
            **ANALYST.model_dump(),
            "iss": "kyros",
            "aud": "kyros:user",
            "iat": now,
            "exp": now + 3600,
            "jti": "j1",
            **changes,
        },
        SECRET,
        "HS256",
    )


@pytest.mark.parametrize("way", [BY_JSON, BY_FORM], ids=["json", "form"])
class TestBothWays:
    """What holds however the token is asked for."""

    def test_token(self, stage: Stage, way: Way) -> None:
        """The token names the person, one tenant and the role in it, and lives half an hour."""
        answer = way.exchange(stage, stage.user_token("analyst@acme.com"), ACME)
        claims = claims_of(answer)
        assert ("analyst@acme.com", ACME, "viewer") == (
            claims["email"],
            claims["tenant_id"],
            claims["role"],
        )
        assert 1800 == answer.json()["expires_in"] == claims["exp"] - claims["iat"]
        assert "Bearer" == answer.json()["token_type"]
        assert "no-store" == answer.headers["Cache-Control"]

    def test_same_denial_for_foreign_and_unknown(self, stage: Stage, way: Way) -> None:
        """Another's tenant and one that does not exist cannot be told apart."""
        token = stage.user_token("analyst@acme.com")
        wanted = (BETA, "00000000-0000-0000-0000-000000000000", "' OR 1=1 --", ACME.upper())
        answers = [way.exchange(stage, token, tenant_id) for tenant_id in wanted]
        assert [way.denied] * len(wanted) == [error_of(answer) for answer in answers]
        assert 1 == len({message_of(answer) for answer in answers})

    @pytest.mark.parametrize(
        "revocation",
        [
            f"DELETE FROM user_tenants WHERE tenant_id = '{ACME}'",
            f"UPDATE tenants SET is_active = FALSE WHERE id = '{ACME}'",
            "UPDATE users SET is_active = FALSE",
        ],
    )
    def test_revoked_access_is_gone(self, stage: Stage, way: Way, revocation: str) -> None:
        """The database is asked at that moment, whatever the user token says."""
        token = stage.user_token("analyst@acme.com")
        assert 200 == way.exchange(stage, token, ACME).status_code
        run_sql(stage, revocation)
        assert way.denied == error_of(way.exchange(stage, token, ACME))

    def test_granted_access_is_there(self, stage: Stage, way: Way) -> None:
        """What was granted after the sign-in counts, with the role as it is now."""
        token = stage.user_token("viewer@beta.com")
        run_sql(
            stage,
            "INSERT INTO user_tenants SELECT users.id, tenants.id, 'admin' FROM users, tenants "
            "WHERE users.email = 'viewer@beta.com' AND tenants.slug = 'acme-corp'",
        )
        claims = claims_of(way.exchange(stage, token, ACME))
        assert (ACME, "admin") == (claims["tenant_id"], claims["role"])

    def test_audited(self, stage: Stage, way: Way) -> None:
        """Who was let in where, and who was turned away, stands in the log."""
        token = stage.user_token("analyst@acme.com")
        ids = [
            way.exchange(stage, token, tenant).headers["X-Request-ID"] for tenant in (ACME, BETA)
        ]
        stage.flush_audit()
        rows = stage.database.rows(
            "SELECT request_id, actor, action, tenant_id, outcome FROM audit_log "
            "WHERE action = 'token.exchange' ORDER BY id"
        )
        assert [
            (ids[0], "analyst@acme.com", "token.exchange", ACME, "allowed"),
            (ids[1], "analyst@acme.com", "token.exchange", BETA, "denied"),
        ] == rows

    def test_previous_key(self, make_stage: Callable[..., Stage], way: Way) -> None:
        """A sign-in from before a rotation still exchanges, for a token of the new key."""
        stage = make_stage(jwt_secret_key_previous=OTHER_KEY)
        token = TokenAuthority(OTHER_KEY).mint_user_token(ANALYST)
        assert ACME == claims_of(way.exchange(stage, token, ACME))["tenant_id"]

    @pytest.mark.parametrize(
        "token",
        [
            pytest.param(TokenAuthority(OTHER_KEY).mint_user_token(ANALYST), id="other key"),
            pytest.param(jwt.encode({}, SECRET, "HS256"), id="no claims"),
            pytest.param(user_token(iss="somebody"), id="issuer"),
            pytest.param(user_token(aud="kyros"), id="audience"),
            pytest.param(user_token(aud=["kyros:user", "kyros:tenant"]), id="two audiences"),
            pytest.param(user_token(tenant_ids=ACME), id="shape"),
            pytest.param(user_token(sub=7), id="subject"),
            pytest.param(user_token()[:-6], id="cut"),
            pytest.param("x", id="no token"),
        ],
    )
    def test_not_a_token_of_ours(self, stage: Stage, way: Way, token: str) -> None:
        """A wrong key, issuer, audience or shape is refused before the database is asked."""
        assert way.invalid == error_of(way.exchange(stage, token, ACME))

    @pytest.mark.parametrize("algorithm", ["none", "HS384", "HS512"])
    def test_algorithm(self, make_stage: Callable[..., Stage], way: Way, algorithm: str) -> None:
        """No algorithm but HS256, though the key is right and long enough for the others."""
        stage = make_stage(jwt_secret_key=SECRET * 2)
        claims = jwt.decode(user_token(), options={"verify_signature": False})
        key = "" if algorithm == "none" else SECRET * 2
        good = way.exchange(stage, jwt.encode(claims, SECRET * 2, "HS256"), ACME)
        bad = way.exchange(stage, jwt.encode(claims, key, algorithm), ACME)
        assert (200, way.invalid) == (good.status_code, error_of(bad))

    def test_kind(self, stage: Stage, way: Way) -> None:
        """A tenant token cannot be exchanged again, not even for its own tenant."""
        token = stage.tenant_token("admin@acme.com", ACME)
        for tenant_id in (ACME, BETA):
            answer = way.exchange(stage, token, tenant_id)
            assert way.invalid == error_of(answer)

    def test_expired(self, stage: Stage, way: Way) -> None:
        """A sign-in is good for an hour."""
        old = TokenAuthority(SECRET, clock=lambda: time.time() - 3601).mint_user_token(ANALYST)
        answer = way.exchange(stage, old, ACME)
        assert way.expired == error_of(answer)
        assert "expired" in answer.text

    def test_database_away(self, stage: Stage, way: Way) -> None:
        """Without the metadata nobody gets a token, and the answer says that it may pass."""
        token = stage.user_token("analyst@acme.com")
        run_sql(stage, "ALTER TABLE user_tenants RENAME TO elsewhere")
        assert way.away == error_of(way.exchange(stage, token, ACME))


def run_sql(stage: Stage, sql: str) -> None:
    """Change the metadata behind the API's back."""
    stage.database.execute(sql)
