"""Users and roles by command; and what the API makes of that."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest
from api_stage import ACME, BETA, bearer

from kyros_shared_config import Role

if TYPE_CHECKING:
    from api_stage import Stage
    from operator_stage import Operator

pytestmark = pytest.mark.databases

PASSWORD = "an orange boat at dawn"
ANNA = "anna@example.com"
ASKED, ASKED_AGAIN = f"New password of {ANNA}", "The same again"


def sign_in(stage: Stage, email: str, password: str) -> int:
    """Return how the API answers to an email and a password."""
    body = {"email": email, "password": password}
    return int(stage.client.post("/api/auth/login", json=body).status_code)


def test_a_new_user(operator: Operator) -> None:
    """Emails are kept in small letters; a person begins without password and roles."""
    said = operator.do("user", "add", "Anna@Example.COM")
    assert said.startswith(f"User {ANNA} is added; ")
    user = operator.read("user", "list")[2]
    assert ("+00:00", 36) == (user.pop("created_at")[-6:], len(user.pop("id")))
    assert {"email": ANNA, "is_active": True, "has_password": False, "tenants": []} == user


def test_users_of_a_tenant(operator: Operator) -> None:
    """The list can be held to one tenant, and says each person's roles everywhere."""
    found = operator.read("user", "list", "--tenant", "beta-ind")
    assert ["admin@acme.com", "viewer@beta.com"] == [user["email"] for user in found]
    assert [
        {"tenant_id": ACME, "slug": "acme-corp", "role": "admin"},
        {"tenant_id": BETA, "slug": "beta-ind", "role": "admin"},
    ] == found[0]["tenants"]
    assert "acme-corp admin, beta-ind admin" in operator.do("user", "list")


def test_a_disabled_user_is_out(operator: Operator, own_stage: Stage) -> None:
    """Neither the tokens that they hold nor signing in lets them in; enabling does again."""
    operator.do("user", "set-password", "analyst@acme.com", "--stdin", stdin=PASSWORD.encode())
    user = bearer(own_stage.user_token("analyst@acme.com"))
    tenant = bearer(own_stage.tenant_token("analyst@acme.com", ACME))
    operator.do("user", "disable", "Analyst@acme.com")
    exchange = own_stage.client.post("/api/token/exchange", json={"tenant_id": ACME}, headers=user)
    assert (403, "TENANT_ACCESS_DENIED") == (
        exchange.status_code,
        exchange.json()["error"]["code"],
    )
    assert 403 == own_stage.client.get(f"/api/tenant/{ACME}", headers=tenant).status_code
    assert 401 == sign_in(own_stage, "analyst@acme.com", PASSWORD)
    operator.do("user", "enable", "analyst@acme.com")
    assert 200 == sign_in(own_stage, "analyst@acme.com", PASSWORD)


def test_a_password_from_standard_input(operator: Operator, own_stage: Stage) -> None:
    """The first line counts, without its end; it lets in, and the one before no more."""
    operator.do("user", "add", ANNA)
    operator.do("user", "set-password", ANNA, "--stdin", stdin=b"the password of before\n")
    said = operator.do(
        "user", "set-password", ANNA, "--stdin", stdin=f"{PASSWORD}\r\nmore".encode()
    )
    assert f"User {ANNA} has a new password." == said
    assert 200 == sign_in(own_stage, ANNA, PASSWORD)
    assert 401 == sign_in(own_stage, ANNA, "the password of before")


def test_a_generated_password_is_printed_once(operator: Operator, own_stage: Stage) -> None:
    """It alone is on standard output, and nothing but its hash is kept."""
    operator.do("user", "add", ANNA)
    done = operator.run("user", "set-password", ANNA, "--generate")
    password = done.out.strip()
    assert (0, 1) == (done.code, len(done.out.splitlines()))
    assert f"User {ANNA} has a new password, which is not shown again.\n" == done.err
    assert 200 == sign_in(own_stage, ANNA, password)
    assert password not in repr(operator.state())


def at_a_terminal(*arguments: str, answers: list[tuple[str, str]]) -> tuple[int, str]:
    """Run a command at a terminal; return how it ended, and what was to be seen.

    The database is that of the environment, which the operator's fixture has set.

    Args:
        arguments: of the command.
        answers: what it asks, and what is typed then.
    """
    ours, theirs = pty.openpty()
    program = [str(Path(sys.executable).with_name("kyros-api")), "admin", *arguments]
    running = subprocess.Popen(  # noqa: S603 - ours
        program, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    patience = threading.Timer(60, running.kill)
    patience.start()
    seen, looked_at, remaining = "", 0, list(answers)
    while piece := _read(ours):
        seen += piece
        if remaining and f"{remaining[0][0]}: " in seen[looked_at:]:
            looked_at = len(seen)
            os.write(ours, f"{remaining.pop(0)[1]}\n".encode())
    os.close(ours)
    code = running.wait()
    patience.cancel()
    return code, seen


def _read(terminal: int) -> str:
    try:
        return os.read(terminal, 1024).decode()
    except OSError:  # its other end is closed: the command has ended
        return ""


def test_a_password_at_the_terminal(operator: Operator, own_stage: Stage) -> None:
    """It is asked for twice, and never shown; two that differ are asked for again."""
    operator.do("user", "add", ANNA)
    differing = [(ASKED, PASSWORD), (ASKED_AGAIN, "something else entirely")]
    code, seen = at_a_terminal(
        *("user", "set-password", ANNA),
        answers=[*differing, (ASKED, PASSWORD), (ASKED_AGAIN, PASSWORD)],
    )
    assert 0 == code, seen
    assert 2 == seen.count(ASKED)
    assert f"User {ANNA} has a new password." in seen
    assert PASSWORD not in seen
    assert 200 == sign_in(own_stage, ANNA, PASSWORD)


def test_a_bad_password_at_the_terminal(operator: Operator) -> None:
    """It is refused with the rule, and the one before stays."""
    operator.do("user", "add", ANNA)
    before = operator.state()
    code, seen = at_a_terminal(
        *("user", "set-password", ANNA), answers=[(ASKED, "short"), (ASKED_AGAIN, "short")]
    )
    assert (2, before) == (code, operator.state())
    assert "kyros-api: The password has 5 characters; use 12 or more." in seen


def test_a_removed_user_leaves_only_lines(operator: Operator, own_stage: Stage) -> None:
    """Roles go with the person; the audit log keeps what they did."""
    token = own_stage.user_token("admin@acme.com")
    assert own_stage.flush_audit()
    done = operator.run("user", "remove", "admin@acme.com", "--confirm", "admin@acme.com")
    assert (0, "User admin@acme.com is removed, with 2 roles.\n") == (done.code, done.out)
    assert 2 == len(operator.rows("users"))
    assert 2 == len(operator.rows("user_tenants"))
    assert [] == own_stage.client.get("/api/me", headers=bearer(token)).json()["tenants"]
    assert "admin@acme.com" in {line["actor"] for line in operator.rows("audit_log")}


def test_removal_at_the_terminal(operator: Operator) -> None:
    """The email has to be typed; anything else leaves the person there."""
    remove = ("user", "remove", "viewer@beta.com")
    asked = "Type viewer@beta.com to go on"
    code, seen = at_a_terminal(*remove, answers=[(asked, "yes")])
    assert (2, 3) == (code, len(operator.rows("users")))
    assert "That was 'yes' and not viewer@beta.com, so nothing was changed." in seen
    code, seen = at_a_terminal(*remove, answers=[(asked, "viewer@beta.com")])
    assert (0, 2) == (code, len(operator.rows("users"))), seen


def test_roles_are_granted_changed_and_revoked(operator: Operator, own_stage: Stage) -> None:
    """Each is said, and true of the API at once."""
    token = bearer(own_stage.user_token("viewer@beta.com"))

    def roles() -> dict[str, str]:
        tenants = own_stage.client.get("/api/me", headers=token).json()["tenants"]
        return {tenant["slug"]: tenant["role"] for tenant in tenants}

    said = operator.do("role", "grant", "viewer@beta.com", "acme-corp", "viewer")
    assert "User viewer@beta.com is now viewer in acme-corp." == said
    assert {"acme-corp": "viewer", "beta-ind": "viewer"} == roles()
    said = operator.do("role", "grant", "viewer@beta.com", ACME, "admin")
    assert "User viewer@beta.com is now admin in acme-corp, no longer viewer." == said
    assert {"acme-corp": "admin", "beta-ind": "viewer"} == roles()
    assert own_stage.flush_audit()
    before = operator.state()
    said = operator.do("role", "grant", "viewer@beta.com", ACME, "admin")
    assert "User viewer@beta.com is admin in acme-corp already; nothing was changed." == said
    assert before == operator.state()
    entered = bearer(own_stage.tenant_token("viewer@beta.com", ACME))
    said = operator.do("role", "revoke", "viewer@beta.com", "acme-corp")
    assert "User viewer@beta.com is no longer admin in acme-corp." == said
    assert {"beta-ind": "viewer"} == roles()
    assert 403 == own_stage.client.get(f"/api/tenant/{ACME}", headers=entered).status_code


@pytest.mark.parametrize("role", get_args(Role))
def test_every_role_can_be_granted(operator: Operator, role: str) -> None:
    """The command knows the roles that tokens know."""
    operator.do("role", "grant", "viewer@beta.com", "acme-corp", role)
    assert {
        "tenant_id": ACME,
        "slug": "acme-corp",
        "role": role,
    } in operator.read("user", "list")[2]["tenants"]
