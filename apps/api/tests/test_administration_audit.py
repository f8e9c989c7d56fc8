"""Every change by an operator leaves one line in the audit log, in the same commit."""

from __future__ import annotations

import json
import os
import pwd
from typing import TYPE_CHECKING

import pytest
from api_stage import ACME, bearer
from operator_stage import GAMMA

from kyros_api.administration import recording

if TYPE_CHECKING:
    from pathlib import Path

    from api_stage import Stage
    from operator_stage import Operator

pytestmark = pytest.mark.databases

CHANGES = {
    f"tenant add --name Gamma --slug gamma --id {GAMMA}": ("tenant.add", GAMMA),
    "tenant disable acme-corp": ("tenant.disable", ACME),
    "tenant enable acme-corp": ("tenant.enable", ACME),
    "user add anna@example.com": ("user.add", None),
    "user set-password anna@example.com --stdin": ("user.set-password", None),
    "user disable anna@example.com": ("user.disable", None),
    "user enable anna@example.com": ("user.enable", None),
    "role grant anna@example.com gamma viewer": ("role.grant", GAMMA),
    "role revoke anna@example.com gamma": ("role.revoke", GAMMA),
    "dashboard assign gamma risk-analysis": ("dashboard.assign", GAMMA),
    "dashboard unassign gamma risk-analysis": ("dashboard.unassign", GAMMA),
    "user remove anna@example.com --confirm anna@example.com": ("user.remove", None),
    "tenant export acme-corp {export}": ("tenant.export", ACME),
    "tenant erase gamma --confirm gamma": ("tenant.erase", GAMMA),
}
PASSWORD = b"an orange boat at dawn"
ME = f"cli:{pwd.getpwuid(os.getuid()).pw_name}"


def arguments(change: str, folder: Path) -> list[str]:
    """Return the command line of a change."""
    return change.format(export=folder / "export.zip").split()


def test_each_change_leaves_its_line(operator: Operator, tmp_path: Path) -> None:
    """It names the action, the operator's account and the tenant; never a password."""
    for change, (action, tenant_id) in CHANGES.items():
        before = {line["id"] for line in operator.rows("audit_log")}
        done = operator.run(*arguments(change, tmp_path), stdin=PASSWORD)
        assert 0 == done.code, done
        lines = [line for line in operator.rows("audit_log") if line["id"] not in before]
        assert [(f"admin.{action}", "allowed", ME, tenant_id)] == [
            (line["action"], line["outcome"], line["actor"], line["tenant_id"]) for line in lines
        ]
        assert PASSWORD.decode() not in lines[0]["details"]


def test_without_its_line_nothing_changes(
    operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change whose line cannot be written is not made: they are one commit."""

    class CannotRecordError(Exception):
        pass

    def fail(*_args: object) -> None:
        raise CannotRecordError

    for change in CHANGES:
        with monkeypatch.context() as broken:
            broken.setattr(recording, "insert_events", fail)
            before, files = operator.state(), sorted(tmp_path.glob("*export*"))
            with pytest.raises(CannotRecordError):
                operator.run(*arguments(change, tmp_path), stdin=PASSWORD)
            assert before == operator.state()
            assert files == sorted(tmp_path.glob("*export*"))
        operator.run(*arguments(change, tmp_path), stdin=PASSWORD)


def test_the_list(operator: Operator) -> None:
    """Newest first, of all or of one tenant, at most so many."""
    operator.do("tenant", "disable", "acme-corp")
    operator.do("tenant", "disable", "beta-ind")
    operator.do("user", "disable", "viewer@beta.com")
    assert ["admin.user.disable", "admin.tenant.disable", "admin.tenant.disable"] == [
        line["action"] for line in operator.read("audit", "list")
    ]
    assert 1 == len(operator.read("audit", "list", "--limit", "1"))
    (line,) = operator.read("audit", "list", "--tenant", "acme-corp")
    assert {"id", "at", "actor", "action", "outcome", "tenant_id", "request_id", "details"} == set(
        line
    )
    assert (ACME, ME, {"slug": "acme-corp"}) == (line["tenant_id"], line["actor"], line["details"])
    assert [line] == operator.read("audit", "list", "--tenant", ACME)
    assert "email=viewer@beta.com" in operator.do("audit", "list")


def test_the_tenants_admins_see_what_was_done_to_it(operator: Operator, own_stage: Stage) -> None:
    """An operator's changes are in the tenant's own log, and in no other's."""
    operator.do("role", "grant", "viewer@beta.com", "acme-corp", "viewer")
    seen = {}
    for slug, tenant_id in (("acme-corp", ACME), ("beta-ind", operator_tenant(operator))):
        token = own_stage.tenant_token("admin@acme.com", tenant_id)
        body = own_stage.client.get(f"/api/tenant/{tenant_id}/audit", headers=bearer(token)).json()
        seen[slug] = [event for event in body["events"] if event["action"].startswith("admin.")]
    assert ["admin.role.grant"] == [event["action"] for event in seen["acme-corp"]]
    assert [] == seen["beta-ind"]


def operator_tenant(operator: Operator) -> str:
    """Return the id of the other demo tenant, as the operator's list has it."""
    return str(operator.read("tenant", "list")[1]["id"])


def test_an_account_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container that runs under a number, the number is the name."""
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000_000)
    assert "cli:4000000000" == recording.operator()


def test_variables_do_not_say_who_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody can set them."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert ME == recording.operator()


def test_details_are_text(operator: Operator) -> None:
    """The API shows details as text by name, so that is what they are."""
    operator.do("dashboard", "unassign", "beta-ind", "risk-analysis")
    details = json.loads(operator.rows("audit_log")[-1]["details"])
    assert {str} == {type(value) for value in details.values()}
