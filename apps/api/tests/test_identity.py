"""Sign-in, who am I, and token exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jwt
import pytest
from api_stage import ACME, BETA, bearer
from pydantic import ValidationError

from kyros_api.settings import ApiSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from api_stage import Stage

pytestmark = pytest.mark.databases


def run_sql(stage: Stage, sql: str) -> None:
    """Change the metadata behind the API's back."""
    stage.database.execute(sql)


class TestMockLogin:
    """POST /api/auth/mock-login."""

    def test_unknown_user(self, stage: Stage) -> None:
        """Nobody unknown gets in."""
        answer = stage.client.post("/api/auth/mock-login", json={"email": "nobody@acme.com"})
        assert (404, "USER_NOT_FOUND") == (answer.status_code, answer.json()["error"]["code"])

    def test_disabled_user(self, stage: Stage) -> None:
        """A disabled user is as good as unknown."""
        run_sql(stage, "UPDATE users SET is_active = FALSE WHERE email = 'viewer@beta.com'")
        answer = stage.client.post("/api/auth/mock-login", json={"email": "viewer@beta.com"})
        assert 404 == answer.status_code

    @pytest.mark.parametrize(
        "body", [{}, {"email": 7}, {"email": "no-at"}, {"email": "a@" + "b" * 300}, [], "x"]
    )
    def test_malformed(self, stage: Stage, body: object) -> None:
        """A body that is not of the form is a 400 that names the field, not what was sent."""
        answer = stage.client.post("/api/auth/mock-login", json=body)
        assert (400, "INVALID_REQUEST") == (answer.status_code, answer.json()["error"]["code"])
        assert answer.json()["error"]["details"][0]["where"].startswith("body")

    def test_not_json(self, stage: Stage) -> None:
        """A body that is not JSON at all is the same kind of 400."""
        answer = stage.client.post(
            "/api/auth/mock-login", content=b"{", headers={"Content-Type": "application/json"}
        )
        assert (400, "INVALID_REQUEST") == (answer.status_code, answer.json()["error"]["code"])

    def test_only_in_demo_mode(self, make_stage: Callable[..., Stage]) -> None:
        """With AUTH_MODE=password the route is not there, nor is the list of users."""
        client = make_stage(auth_mode="password").client
        answer = client.post("/api/auth/mock-login", json={"email": "admin@acme.com"})
        assert (404, "NOT_FOUND") == (answer.status_code, answer.json()["error"]["code"])
        assert {"mode": "password", "demo_users": []} == client.get("/api/auth/options").json()

    def test_token(self, stage: Stage) -> None:
        """A demo user gets a bearer token for an hour, that nobody may store."""
        answer = stage.client.post("/api/auth/mock-login", json={"email": " Admin@Acme.com "})
        body = answer.json()
        claims = jwt.decode(body["access_token"], options={"verify_signature": False})
        assert ("Bearer", 3600) == (body["token_type"], body["expires_in"])
        assert ("admin@acme.com", [ACME, BETA]) == (claims["email"], claims["tenant_ids"])
        assert "no-store" == answer.headers["Cache-Control"]

    def test_lifetimes_are_settings(self, make_stage: Callable[..., Stage]) -> None:
        """Both tokens end when their settings say, and the answers say so."""
        client = make_stage(user_token_seconds=9, tenant_token_seconds=7).client
        user = client.post("/api/auth/mock-login", json={"email": "admin@acme.com"}).json()
        header = bearer(user["access_token"])
        tenant = client.post("/api/token/exchange", json={"tenant_id": ACME}, headers=header).json()
        for answer, seconds in ((user, 9), (tenant, 7)):
            claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
            assert (seconds, seconds) == (answer["expires_in"], claims["exp"] - claims["iat"])

    def test_refused_in_production(self) -> None:
        """Production does not start in demo mode."""
        with pytest.raises(ValidationError, match="AUTH_MODE=demo lets anybody in"):
            ApiSettings.model_validate(
                {"auth_mode": "demo", "jwt_secret_key": "5f1c0a9be2d74836a1f4e7093bd8c652"}
            )


class TestMe:
    """GET /api/me."""

    def test_anonymous(self, stage: Stage) -> None:
        """Without a token: 401, and how to do better."""
        answer = stage.client.get("/api/me")
        assert (401, "TOKEN_MISSING") == (answer.status_code, answer.json()["error"]["code"])
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")

    def test_tenant_token(self, stage: Stage) -> None:
        """A tenant token is not a sign-in."""
        token = stage.tenant_token("analyst@acme.com", ACME)
        answer = stage.client.get("/api/me", headers=bearer(token))
        assert (401, "TOKEN_INVALID") == (answer.status_code, answer.json()["error"]["code"])

    def test_tenants_by_name(self, stage: Stage) -> None:
        """The person's active tenants come by name, each with the role in it."""
        token = stage.user_token("admin@acme.com")
        body = stage.client.get("/api/me", headers=bearer(token)).json()
        assert [("acme-corp", "admin"), ("beta-ind", "admin")] == [
            (tenant["slug"], tenant["role"]) for tenant in body["tenants"]
        ]
        assert "#0052cc" == body["tenants"][0]["config_json"]["primary_color"]

    def test_now_not_at_sign_in(self, stage: Stage) -> None:
        """A tenant that was switched off since sign-in is not listed."""
        token = stage.user_token("admin@acme.com")
        run_sql(stage, f"UPDATE tenants SET is_active = FALSE WHERE id = '{BETA}'")
        body = stage.client.get("/api/me", headers=bearer(token)).json()
        assert ["acme-corp"] == [tenant["slug"] for tenant in body["tenants"]]


class TestMyDashboards:
    """GET /api/me/dashboards."""

    def counts(self, stage: Stage, user: str) -> list[tuple[str, int]]:
        """Return what a person is told."""
        headers = bearer(stage.user_token(user))
        answer = stage.client.get("/api/me/dashboards", headers=headers)
        assert 200 == answer.status_code
        return [(one["tenant_id"], one["dashboards"]) for one in answer.json()["tenants"]]

    def test_anonymous(self, stage: Stage) -> None:
        """Without a token: 401."""
        answer = stage.client.get("/api/me/dashboards")
        assert (401, "TOKEN_MISSING") == (answer.status_code, answer.json()["error"]["code"])

    def test_tenant_token(self, stage: Stage) -> None:
        """A tenant token is not a sign-in."""
        headers = bearer(stage.tenant_token("analyst@acme.com", ACME))
        answer = stage.client.get("/api/me/dashboards", headers=headers)
        assert (401, "TOKEN_INVALID") == (answer.status_code, answer.json()["error"]["code"])

    def test_own_tenants_by_name(self, stage: Stage) -> None:
        """Each of the person's tenants comes with its number, in the order of /api/me."""
        assert [(ACME, 2), (BETA, 1)] == self.counts(stage, "admin@acme.com")
        assert [(BETA, 1)] == self.counts(stage, "viewer@beta.com")

    def test_none(self, stage: Stage) -> None:
        """A tenant without dashboards has none, and is listed; one that is shut is not."""
        run_sql(stage, f"DELETE FROM tenant_dashboards WHERE tenant_id = '{BETA}'")
        assert [(ACME, 2), (BETA, 0)] == self.counts(stage, "admin@acme.com")
        run_sql(stage, f"UPDATE tenants SET is_active = FALSE WHERE id = '{ACME}'")
        assert [(BETA, 0)] == self.counts(stage, "admin@acme.com")


class TestExchange:
    """POST /api/token/exchange."""

    def exchange(self, stage: Stage, token: str, tenant_id: object) -> tuple[int, str | None]:
        """Ask for a tenant token; return the status and the error code."""
        answer = stage.client.post(
            "/api/token/exchange", json={"tenant_id": tenant_id}, headers=bearer(token)
        )
        return answer.status_code, answer.json().get("error", {}).get("code")

    def test_malformed(self, stage: Stage) -> None:
        """A tenant id must be a string with something in it."""
        token = stage.user_token("analyst@acme.com")
        for tenant_id in (None, "", 7, ["a"], "x" * 65):
            assert (400, "INVALID_REQUEST") == self.exchange(stage, token, tenant_id)

    def test_denied_alike(self, stage: Stage) -> None:
        """Another's tenant and one that does not exist cannot be told apart."""
        token = stage.user_token("analyst@acme.com")
        for tenant_id in (BETA, "00000000-0000-0000-0000-000000000000", "' OR 1=1 --"):
            assert (403, "TENANT_ACCESS_DENIED") == self.exchange(stage, token, tenant_id)

    def test_denials_are_audited(self, stage: Stage) -> None:
        """Who, what, which tenant, when and by which request stands in the log."""
        token = stage.user_token("analyst@acme.com")
        stage.client.post(
            "/api/token/exchange",
            json={"tenant_id": BETA},
            headers={**bearer(token), "X-Request-ID": "audit-1"},
        )
        assert stage.flush_audit()
        rows = stage.database.rows(
            "SELECT actor, action, tenant_id, outcome FROM audit_log WHERE request_id = 'audit-1'"
        )
        assert [("analyst@acme.com", "token.exchange", BETA, "denied")] == rows

    @pytest.mark.parametrize(
        "revocation",
        [
            f"DELETE FROM user_tenants WHERE tenant_id = '{ACME}'",
            f"UPDATE tenants SET is_active = FALSE WHERE id = '{ACME}'",
            "UPDATE users SET is_active = FALSE",
        ],
    )
    def test_revoked_access_is_gone(self, stage: Stage, revocation: str) -> None:
        """The database is asked at that moment, whatever the user token says."""
        token = stage.user_token("analyst@acme.com")
        run_sql(stage, revocation)
        assert (403, "TENANT_ACCESS_DENIED") == self.exchange(stage, token, ACME)

    def test_token(self, stage: Stage) -> None:
        """The token names one tenant and the role in it, and lives half an hour."""
        answer = stage.client.post(
            "/api/token/exchange",
            json={"tenant_id": ACME},
            headers=bearer(stage.user_token("analyst@acme.com")),
        )
        claims = jwt.decode(answer.json()["access_token"], options={"verify_signature": False})
        assert (ACME, "viewer") == (claims["tenant_id"], claims["role"])
        assert 1800 == answer.json()["expires_in"] == claims["exp"] - claims["iat"]
        assert "no-store" == answer.headers["Cache-Control"]
