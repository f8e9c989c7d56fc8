"""A tenant's own metadata, and nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from api_stage import ACME, BETA, bearer

if TYPE_CHECKING:
    from api_stage import Stage

pytestmark = pytest.mark.databases

PATHS = ["/api/tenant/{}", "/api/tenant/{}/dashboards"]


@pytest.mark.parametrize("path", PATHS)
def test_anonymous_and_wrong_kind(stage: Stage, path: str) -> None:
    """Neither nobody nor a mere user token reads a tenant."""
    address = path.format(ACME)
    user = bearer(stage.user_token("analyst@acme.com"))
    assert "TOKEN_MISSING" == stage.client.get(address).json()["error"]["code"]
    assert "TOKEN_INVALID" == stage.client.get(address, headers=user).json()["error"]["code"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("asked", [BETA, "unknown", ACME.upper(), f"{ACME} "])
def test_other_tenant(stage: Stage, path: str, asked: str) -> None:
    """The path must agree with the token, to the letter; also for somebody who may enter both."""
    token = stage.tenant_token("admin@acme.com", ACME)
    answer = stage.client.get(path.format(asked), headers=bearer(token))
    assert (403, "TENANT_MISMATCH") == (answer.status_code, answer.json()["error"]["code"])


def test_tenant(stage: Stage) -> None:
    """The token's tenant is told of itself."""
    token = stage.tenant_token("analyst@acme.com", ACME)
    body = stage.client.get(f"/api/tenant/{ACME}", headers=bearer(token)).json()
    assert {"id", "name", "slug", "is_active", "config_json", "created_at"} == set(body)
    assert ("Acme Corporation", "acme-corp", True) == (
        body["name"],
        body["slug"],
        body["is_active"],
    )


def test_switched_off(stage: Stage) -> None:
    """A tenant that was switched off is gone, whatever token is left."""
    token = stage.tenant_token("analyst@acme.com", ACME)
    stage.database.execute("UPDATE tenants SET is_active = FALSE")
    answer = stage.client.get(f"/api/tenant/{ACME}", headers=bearer(token))
    assert (404, "TENANT_NOT_FOUND") == (answer.status_code, answer.json()["error"]["code"])


@pytest.mark.parametrize(
    ("email", "tenant_id", "slugs"),
    [
        ("analyst@acme.com", ACME, ["customer-lifetime-value", "risk-analysis"]),
        ("viewer@beta.com", BETA, ["risk-analysis"]),
    ],
)
def test_dashboards(stage: Stage, email: str, tenant_id: str, slugs: list[str]) -> None:
    """Each tenant has its own dashboards, by title."""
    token = stage.tenant_token(email, tenant_id)
    body = stage.client.get(f"/api/tenant/{tenant_id}/dashboards", headers=bearer(token)).json()
    assert slugs == [item["slug"] for item in body["dashboards"]]
    assert {"slug", "title", "description", "config_json"} == set(body["dashboards"][0])


def test_own_configuration_over_the_common_one(stage: Stage) -> None:
    """A tenant's settings of a dashboard are laid over those that all tenants share."""
    token = stage.tenant_token("viewer@beta.com", BETA)
    body = stage.client.get(f"/api/tenant/{BETA}/dashboards", headers=bearer(token)).json()
    config = body["dashboards"][0]["config_json"]
    assert (0.2, "TWD") == (config["warning_pd"], config["currency"])
