"""Signing out: the user token and what was given for it is refused, by every replica."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from api_stage import ACME, SECRET, bearer
from fastapi.testclient import TestClient

from kyros_api.app import create_app
from kyros_api.auth.revocation import revoke
from kyros_api.metadata.engine import open_engine
from kyros_api.settings import ApiSettings
from kyros_shared_config import TenantClaims, TokenAuthority

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api_stage import Stage
    from httpx2 import Response

pytestmark = pytest.mark.databases
ADMIN = "admin@acme.com"
TENANT_PATHS = (
    f"/api/tenant/{ACME}",
    f"/api/tenant/{ACME}/dashboards",
    f"/api/tenant/{ACME}/audit",
    "/api/dashboards/risk-analysis/access",
    "/api/dashboards/risk-analysis/data?limit=1",
    "/api/dashboards/risk-analysis/views/summary",
)


@pytest.fixture
def replica(stage: Stage) -> Iterator[TestClient]:
    """Start a second API on the same database and data."""
    values = {
        "kyros_env": "development",
        "auth_mode": "demo",
        "jwt_secret_key": SECRET,
        "data_dir": stage.data_dir,
        **stage.database.settings,
    }
    with TestClient(create_app(ApiSettings.model_validate(values))) as client:
        yield client


def sign_out(client: TestClient, token: str) -> Response:
    """Sign out."""
    return client.post("/api/auth/logout", headers=bearer(token))


def code(answer: Response) -> tuple[int, str]:
    """Return how a request was refused."""
    return answer.status_code, answer.json()["error"]["code"]


def exchange(client: TestClient, token: str) -> Response:
    """Enter Acme."""
    return client.post("/api/token/exchange", json={"tenant_id": ACME}, headers=bearer(token))


def test_everywhere_at_once(stage: Stage, replica: TestClient) -> None:
    """What one replica signed out is refused by another at the next request, on every route."""
    user = stage.user_token(ADMIN)
    tenant = exchange(stage.client, user).json()["access_token"]
    for path in TENANT_PATHS:  # now both know the token
        assert 200 == replica.get(path, headers=bearer(tenant)).status_code
    assert 200 == replica.get("/api/me", headers=bearer(user)).status_code
    assert {"signed_out": True} == sign_out(stage.client, user).json()
    refused = (401, "TOKEN_REVOKED")
    for path in TENANT_PATHS:
        assert refused == code(replica.get(path, headers=bearer(tenant)))
    for path in ("/api/me", "/api/me/dashboards"):
        assert refused == code(replica.get(path, headers=bearer(user)))
    assert refused == code(exchange(replica, user))
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": user,
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "audience": ACME,
    }
    answer = replica.post("/api/token", data=form)
    assert (400, "invalid_request") == (answer.status_code, answer.json()["error"])


def test_only_that_one(stage: Stage) -> None:
    """Another sign-in of the same person stays good, and so does what was given for it."""
    first, second = stage.user_token(ADMIN), stage.user_token(ADMIN)
    other = exchange(stage.client, second).json()["access_token"]
    assert 200 == sign_out(stage.client, first).status_code
    assert 200 == stage.client.get("/api/me", headers=bearer(second)).status_code
    assert 200 == stage.client.get(TENANT_PATHS[0], headers=bearer(other)).status_code


def test_again_changes_nothing(stage: Stage, replica: TestClient) -> None:
    """Signing out twice is no error, and stands in the log once."""
    token = stage.user_token(ADMIN)
    assert [200, 200] == [sign_out(each, token).status_code for each in (stage.client, replica)]
    assert stage.flush_audit()
    rows = stage.database.rows(
        "SELECT actor, outcome FROM audit_log WHERE action = 'auth.sign_out'"
    )
    assert [(ADMIN, "allowed")] == rows


def test_only_with_a_token(stage: Stage) -> None:
    """Nobody signs anybody out without their token; a tenant's is none."""
    assert (401, "TOKEN_MISSING") == code(stage.client.post("/api/auth/logout"))
    tenant = stage.tenant_token(ADMIN, ACME)
    assert (401, "TOKEN_INVALID") == code(sign_out(stage.client, tenant))


def test_a_token_of_the_version_before(stage: Stage) -> None:
    """A tenant token that names no session, as earlier versions made them, is good to its end."""
    user = "d2b6c8e3-4f5a-4b7c-9d0e-1f2a3b4c5d6e"
    claims = TenantClaims(sub=user, email=ADMIN, tenant_id=ACME, role="admin")
    token = TokenAuthority(SECRET).mint_tenant_token(claims)
    assert 200 == stage.client.get(TENANT_PATHS[0], headers=bearer(token)).status_code


def test_forgotten_in_time(make_stage: Callable[..., Stage]) -> None:
    """A row goes once nothing given for the token can be good by any clock any more, not before."""
    stage = make_stage()
    now = int(datetime.now(UTC).timestamp())
    engine = open_engine(stage.database.location)
    ends = {"over": -2101, "not by all clocks": -1801, "not yet": -1700, "new": 60}
    for name, expires in {name: now + seconds for name, seconds in ends.items()}.items():
        with engine.begin() as connection:
            revoke(connection, name, expires, timedelta(seconds=1800))
    engine.dispose()
    left = {row["id"] for row in stage.database.execute("SELECT id FROM revoked_tokens")}
    assert set(ends) - {"over"} == left
