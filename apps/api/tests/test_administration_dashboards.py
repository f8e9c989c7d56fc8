"""Dashboards given to tenants by command; and what the API makes of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from api_stage import ACME, BETA, bearer
from operator_stage import GAMMA, Operator

if TYPE_CHECKING:
    from pathlib import Path

    from api_stage import Stage
    from database_stage import Database
    from httpx2 import Response

pytestmark = pytest.mark.databases

CLV, RISK = "customer-lifetime-value", "risk-analysis"


def rows(stage: Stage, email: str, tenant_id: str, slug: str) -> Response:
    """Ask for a dashboard's rows, as somebody in a tenant."""
    token = stage.tenant_token(email, tenant_id)
    return stage.client.get(f"/api/dashboards/{slug}/data", headers=bearer(token))


def code_of(answer: Response) -> tuple[int, str]:
    """Return status and code of an error."""
    return answer.status_code, answer.json()["error"]["code"]


def test_the_list(operator: Operator) -> None:
    """It has what the product has, and who has it."""
    found = operator.read("dashboard", "list")
    assert [(CLV, ["acme-corp"]), (RISK, ["acme-corp", "beta-ind"])] == [
        (item["slug"], item["tenants"]) for item in found
    ]
    assert {"slug", "title", "description", "tenants"} == set(found[0])
    assert "acme-corp, beta-ind" in operator.do("dashboard", "list")


def test_a_new_tenant_with_a_dashboard_without_data(operator: Operator, own_stage: Stage) -> None:
    """It is in its list with its own settings, and its data are said to be missing."""
    operator.do("tenant", "add", "--name", "Gamma", "--slug", "gamma", "--id", GAMMA)
    operator.do("role", "grant", "viewer@beta.com", "gamma", "viewer")
    said = operator.do("dashboard", "assign", "gamma", RISK, "--config", '{"currency": "EUR"}')
    assert f"Tenant gamma has now {RISK}, with no data yet." == said
    assert (404, "DATA_NOT_FOUND") == code_of(rows(own_stage, "viewer@beta.com", GAMMA, RISK))
    token = own_stage.tenant_token("viewer@beta.com", GAMMA)
    listed = own_stage.client.get(f"/api/tenant/{GAMMA}/dashboards", headers=bearer(token)).json()
    assert [(RISK, "EUR", 0.2)] == [
        (item["slug"], item["config_json"]["currency"], item["config_json"]["warning_pd"])
        for item in listed["dashboards"]
    ]


def test_other_settings_keep_the_data(operator: Operator, own_stage: Stage) -> None:
    """Assigning again changes what is given, and nothing else."""
    said = operator.do("dashboard", "assign", "beta-ind", RISK, "--config", '{"currency": "EUR"}')
    assert said.startswith(f"Tenant beta-ind has new settings for {RISK}, with data version ")
    assert 200 == rows(own_stage, "viewer@beta.com", BETA, RISK).status_code
    token = own_stage.tenant_token("viewer@beta.com", BETA)
    listed = own_stage.client.get(f"/api/tenant/{BETA}/dashboards", headers=bearer(token)).json()
    assert "EUR" == listed["dashboards"][0]["config_json"]["currency"]


def test_taken_and_given_back(operator: Operator, own_stage: Stage) -> None:
    """Taking a dashboard shuts it and keeps the files; its data version brings them back."""
    version = next((operator.data_dir / "tenants" / ACME / CLV).iterdir()).name
    said = operator.do("dashboard", "unassign", "acme-corp", CLV)
    assert (
        f"Tenant acme-corp no longer has {CLV}; its data version {version} stays on disk." == said
    )
    answer = rows(own_stage, "admin@acme.com", ACME, CLV)
    assert (403, "DASHBOARD_ACCESS_DENIED") == code_of(answer)
    done = operator.run("dashboard", "assign", "acme-corp", CLV, "--data-version", "unheard-of")
    assert 2 == done.code
    assert done.err.endswith(f"; there are: {version}.\n")
    operator.do("dashboard", "assign", "acme-corp", CLV, "--data-version", version)
    assert 23570 == rows(own_stage, "admin@acme.com", ACME, CLV).json()["total"]


@pytest.fixture
def empty(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Give an operator an installation that was migrated and not seeded, as in production."""
    return Operator(database, tmp_path / "nothing", monkeypatch)


def test_an_installation_without_the_demo(empty: Operator) -> None:
    """Everything is there to begin with a first tenant and its dashboard."""
    assert "There are no tenants." == empty.do("tenant", "list")
    assert "There are no users." == empty.do("user", "list")
    assert "There is nothing in the audit log." == empty.do("audit", "list")
    assert [[], []] == [item["tenants"] for item in empty.read("dashboard", "list")]
    empty.do("tenant", "add", "--name", "Gamma", "--slug", "gamma")
    empty.do("dashboard", "assign", "gamma", RISK)
    empty.do("dashboard", "assign", "gamma", CLV)
    assert [["gamma"], ["gamma"]] == [item["tenants"] for item in empty.read("dashboard", "list")]
    assert ["Customer Lifetime Value", "Risk Analysis"] == sorted(
        row["title"] for row in empty.rows("dashboards")
    )
