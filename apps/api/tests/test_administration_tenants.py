"""Tenants by command: added, shut, opened; and what the API makes of that."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest
from api_stage import ACME, BETA, bearer
from operator_stage import GAMMA, PNG, sentence

if TYPE_CHECKING:
    from pathlib import Path

    from api_stage import Stage
    from httpx2 import Response
    from operator_stage import Operator

pytestmark = pytest.mark.databases


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


def look(operator: Operator) -> tuple[str, dict[str, str]]:
    """Return Acme's name and configuration."""
    row = next(row for row in operator.rows("tenants") if row["id"] == ACME)
    return row["name"], json.loads(row["config_json"])


def test_a_tenant_gets_another_look(operator: Operator, tmp_path: Path) -> None:
    """Name, colour and logo change, what is not named stays, and the audit log has a line."""
    picture = tmp_path / "acme.png"
    picture.write_bytes(PNG)
    said = operator.do(
        *("tenant", "change", "acme-corp", "--name", " Acme & Sons "),
        *("--primary-color", "#00AA11", "--logo", str(picture)),
    )
    assert "Tenant acme-corp is changed." == said
    encoded = base64.b64encode(PNG).decode()
    config = {"primary_color": "#00aa11", "currency": "USD"}
    assert ("Acme & Sons", {**config, "logo": f"data:image/png;base64,{encoded}"}) == look(operator)
    assert "admin.tenant.change" == operator.rows("audit_log")[-1]["action"]

    operator.do("tenant", "change", ACME, "--no-logo")
    assert ("Acme & Sons", config) == look(operator)
    said = operator.do("tenant", "change", "acme-corp", "--no-logo", "--name", "Acme & Sons")
    assert "Tenant acme-corp is like that already; nothing was changed." == said


def test_a_logo_is_what_its_bytes_are(operator: Operator, own_stage: Stage, tmp_path: Path) -> None:
    """Whatever the file is called; and people are told of it with the tenant."""
    picture = tmp_path / "acme.svg"
    picture.write_bytes(b"RIFF\x1a\0\0\0WEBPVP8L")
    operator.do("tenant", "change", "acme-corp", "--logo", str(picture))
    token = own_stage.user_token("analyst@acme.com")
    [tenant] = own_stage.client.get("/api/me", headers=bearer(token)).json()["tenants"]
    assert tenant["config_json"]["logo"].startswith("data:image/webp;base64,UklGR")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is no picture"),
        (b"", "is no picture"),
        (PNG + b"\0" * 9_000, "has more than 8 kB"),
        (None, "cannot be read"),
    ],
)
def test_what_is_no_logo_is_refused(
    operator: Operator, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    """A document, a file that is too big, and one that is not there change nothing."""
    picture = tmp_path / "logo.png"
    if content is not None:
        picture.write_bytes(content)
    before = operator.state()
    done = operator.run("tenant", "change", "acme-corp", "--name", "X", "--logo", str(picture))
    assert 2 == done.code
    assert reason in sentence(done)
    assert before == operator.state()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [((), "Say what to change"), (("--logo", "x.png", "--no-logo"), "contradict each other")],
)
def test_a_change_must_make_sense(
    operator: Operator, arguments: tuple[str, ...], reason: str
) -> None:
    """Nothing to change, or two things at once, is refused."""
    done = operator.run("tenant", "change", "acme-corp", *arguments)
    assert 2 == done.code
    assert reason in sentence(done)
