"""Tenants by command: added, shut, opened; and what the API makes of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api_stage import ACME, BETA, bearer
from operator_stage import GAMMA

if TYPE_CHECKING:
    from api_stage import Stage
    from httpx2 import Response
    from operator_stage import Operator


def enter(stage: Stage, token: str, tenant_id: str) -> Response:
    """Exchange a user token for a tenant's."""
    return stage.client.post(
        "/api/token/exchange", json={"tenant_id": tenant_id}, headers=bearer(token)
    )


def test_a_new_tenant_is_listed(operator: Operator) -> None:
    """It has what was given, no users, no dashboards, and is open."""
    said = operator.do(
        *("tenant", "add", "--name", " Gamma GmbH ", "--slug", "gamma", "--id", GAMMA.upper()),
        *("--primary-color", "#00AA11", "--currency", "EUR"),
    )
    assert f"Tenant gamma is added, with id {GAMMA}." == said
    listed = operator.read("tenant", "list")
    assert ["acme-corp", "beta-ind", "gamma"] == [item["slug"] for item in listed]
    created = listed[2].pop("created_at")
    assert created.endswith("+00:00")
    assert {
        "id": GAMMA,
        "slug": "gamma",
        "name": "Gamma GmbH",
        "is_active": True,
        "users": 0,
        "dashboards": 0,
    } == listed[2]


def test_a_new_tenant_is_seen_by_whom_it_is_granted(operator: Operator, own_stage: Stage) -> None:
    """A granted role shows in /api/me with the tenant's configuration, and lets in."""
    operator.do(
        *("tenant", "add", "--name", "Gamma", "--slug", "gamma", "--id", GAMMA),
        *("--primary-color", "#00AA11", "--currency", "EUR"),
    )
    operator.do("role", "grant", "viewer@beta.com", "gamma", "admin")
    token = own_stage.user_token("viewer@beta.com")
    tenants = own_stage.client.get("/api/me", headers=bearer(token)).json()["tenants"]
    assert {
        "id": GAMMA,
        "name": "Gamma",
        "slug": "gamma",
        "role": "admin",
        "config_json": {"primary_color": "#00aa11", "currency": "EUR"},
    } in tenants
    assert 200 == enter(own_stage, token, GAMMA).status_code


def test_the_table_has_what_people_need(operator: Operator) -> None:
    """Without --json the list is a table, with nothing cut off where there is no terminal."""
    lines = operator.do("tenant", "list").splitlines()
    assert ["Slug", "Name", "Id", "Active", "Users", "Dashboards", "Since"] == lines[0].split()
    row = next(line for line in lines if ACME in line)
    assert ["acme-corp", "Acme", "Corporation", ACME, "yes", "2", "2"] == row.split()[:7]


def test_a_disabled_tenant_is_shut_and_can_be_opened(operator: Operator, own_stage: Stage) -> None:
    """Whoever holds whichever token is out at once; enabling lets them in again."""
    user = own_stage.user_token("analyst@acme.com")
    tenant = own_stage.tenant_token("analyst@acme.com", ACME)
    said = operator.do("tenant", "disable", "acme-corp")
    assert "Tenant acme-corp is disabled: nobody can enter it." == said
    answer = enter(own_stage, user, ACME)
    assert (403, "TENANT_ACCESS_DENIED") == (answer.status_code, answer.json()["error"]["code"])
    assert 404 == own_stage.client.get(f"/api/tenant/{ACME}", headers=bearer(tenant)).status_code
    assert [] == own_stage.client.get("/api/me", headers=bearer(user)).json()["tenants"]
    assert [False, True] == [item["is_active"] for item in operator.read("tenant", "list")]
    operator.do("tenant", "enable", ACME)
    assert 200 == enter(own_stage, user, ACME).status_code


def test_what_is_so_already_is_said_and_leaves_no_line(operator: Operator) -> None:
    """Repeating a command is no error, and no change either."""
    before = operator.state()
    said = operator.do("tenant", "enable", "acme-corp")
    assert "Tenant acme-corp is enabled already; nothing was changed." == said
    operator.do("tenant", "disable", "acme-corp")
    after = operator.state()
    assert before != after
    said = operator.do("tenant", "disable", "acme-corp")
    assert "Tenant acme-corp is disabled already; nothing was changed." == said
    assert after == operator.state()


def test_a_tenant_goes_by_slug_or_id(operator: Operator) -> None:
    """Each command takes either, the id in whichever letters."""
    for named in ("beta-ind", BETA, BETA.upper()):
        assert "is disabled" in operator.do("tenant", "disable", named)
        assert "is enabled" in operator.do("tenant", "enable", named)


def test_an_id_with_data_of_a_former_tenant_is_refused(operator: Operator) -> None:
    """A new tenant never inherits files."""
    (operator.data_dir / "tenants" / GAMMA / "risk-analysis").mkdir(parents=True)
    done = operator.run("tenant", "add", "--name", "Gamma", "--slug", "gamma", "--id", GAMMA)
    assert 2 == done.code
    assert f"finish its erasure with: kyros-api admin tenant erase {GAMMA}" in done.err
    assert 2 == len(operator.rows("tenants"))
