"""An erased tenant leaves nothing but a receipt; every other tenant keeps everything."""

from __future__ import annotations

import hashlib
import json
import threading
from typing import TYPE_CHECKING, cast

import pytest
from api_stage import ACME, BETA, bearer
from operator_stage import ANALYST, ERASE_ACME, GAMMA, TABLES, erase, found, live

from kyros_api.administration import tenant_files

if TYPE_CHECKING:
    from pathlib import Path

    from api_stage import Stage
    from fastapi import FastAPI
    from operator_stage import Operator

pytestmark = pytest.mark.databases

ANALYST_ID = "c1a5b7d2-3e4f-4a6b-8c9d-0e1f2a3b4c5d"
PASSWORD = b"an orange boat at dawn"
# What tells of the tenant; its id stays in the one line and in the receipt, which must name it.
TRACES = ("acme-corp", "Acme Corporation", ANALYST, ANALYST_ID, "0052cc")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no requests, where a test has none."""
    monkeypatch.setattr("kyros_api.administration.erasure.GRACE", 0)


def test_no_trace_is_left(operator: Operator, own_stage: Stage) -> None:
    """Not in a table, not in a file: also not in free pages, in logs, or in audit files.

    The search is shown to find each trace before it is trusted to find none.
    """
    operator.do("user", "set-password", ANALYST, "--stdin", stdin=PASSWORD)
    (hashed,) = {row["password_hash"] for row in operator.rows("users")} - {None}
    live(own_stage)
    file = [operator.database.path.name] if operator.database.path.exists() else []
    for trace in (*TRACES, hashed):
        assert any(name in " ".join(found(operator, trace)) for name in file or TABLES), trace
    assert any("audit/" in place for place in found(operator, ANALYST))
    assert any(f"tenants/{ACME}" in place for place in found(operator, ACME))
    erase(operator)
    for trace in (*TRACES[2:], hashed):
        assert [] == found(operator, trace)
    (receipt,) = (operator.data_dir / "receipts").iterdir()
    receipts = f"receipts/{receipt.name}"
    assert [receipts] == found(operator, "acme-corp")
    assert [] == found(operator, "Acme Corporation")
    assert ["audit_log", receipts, *file] == found(operator, ACME)
    (line,) = [line for line in operator.rows("audit_log") if ACME in json.dumps(line, default=str)]
    assert ("admin.tenant.erase", ACME) == (line["action"], line["tenant_id"])


def test_nothing_comes_back_with_the_next_process(operator: Operator, own_stage: Stage) -> None:
    """An API that takes over another's audit files after a crash finds no line of the tenant."""
    live(own_stage)
    (spool,) = (operator.data_dir / "audit").glob("*.jsonl")
    (spool.with_name("crashed.jsonl")).write_bytes(spool.read_bytes())
    erase(operator)
    remaining = [json.loads(line) for line in spool.read_bytes().split(b"\n") if line.strip()]
    assert remaining, "what concerns others stays"
    assert {None, BETA} >= {event["tenant_id"] for event in remaining}
    assert spool.read_bytes() == spool.with_name("crashed.jsonl").read_bytes()


def test_lines_that_arrive_late(
    operator: Operator, own_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a request that was let in before the commit writes after it goes as well."""
    audit = cast("FastAPI", own_stage.client.app).state.services.audit
    remove = tenant_files.remove

    def write_meanwhile(folder: Path) -> None:
        audit.record("token.exchange", "allowed", actor=ANALYST, tenant_id=ACME)
        audit.record("auth.sign_in", "allowed", actor=ANALYST)
        assert audit.flush()
        assert {"audit_log"} < set(found(operator, ANALYST))
        remove(folder)

    monkeypatch.setattr(tenant_files, "remove", write_meanwhile)
    erase(operator)
    assert [] == found(operator, ANALYST)
    assert ["admin.tenant.erase"] == [line["action"] for line in operator.rows("audit_log")]


def test_others_keep_everything(operator: Operator, own_stage: Stage) -> None:
    """Rows, files and audit lines of the other tenant are what they were."""

    def of_beta() -> dict[str, object]:
        files = {
            path: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in (operator.data_dir / "tenants" / BETA).rglob("*.parquet")
        }
        rows = {
            table: [row for row in operator.rows(table) if BETA in row.values()]
            for table in ("tenants", "user_tenants", "tenant_dashboards", "audit_log")
        }
        return {"files": files, "dashboards": operator.rows("dashboards"), **rows}

    live(own_stage)
    own_stage.tenant_token("viewer@beta.com", BETA)
    own_stage.tenant_token("admin@acme.com", BETA)
    assert own_stage.flush_audit()
    before = of_beta()
    signed_in = [line for line in operator.rows("audit_log") if line["actor"] == "admin@acme.com"]
    assert {None, ACME, BETA} == {line["tenant_id"] for line in signed_in}
    erase(operator)
    assert before == of_beta()
    emails = sorted(row["email"] for row in operator.rows("users"))
    assert ["admin@acme.com", "viewer@beta.com"] == emails
    still = [line for line in operator.rows("audit_log") if line["actor"] == "admin@acme.com"]
    assert [line for line in signed_in if line["tenant_id"] != ACME] == still


def test_the_api_knows_it_no_more(operator: Operator, own_stage: Stage) -> None:
    """Every token that was left is worth nothing."""
    user = bearer(own_stage.user_token("admin@acme.com"))
    tenant = bearer(own_stage.tenant_token("admin@acme.com", ACME))
    live(own_stage)
    erase(operator)
    exchange = own_stage.client.post("/api/token/exchange", json={"tenant_id": ACME}, headers=user)
    assert 403 == exchange.status_code
    for path in (f"/api/tenant/{ACME}", "/api/dashboards/risk-analysis/data"):
        assert 404 == own_stage.client.get(path, headers=tenant).status_code
    mine = own_stage.client.get("/api/me", headers=user).json()["tenants"]
    assert ["beta-ind"] == [item["slug"] for item in mine]


def test_the_receipt(operator: Operator, own_stage: Stage, tmp_path: Path) -> None:
    """It says who, when and what, with a checksum of the list of files; printed and written."""
    live(own_stage)
    folder = operator.data_dir / "tenants" / ACME
    files = operator.files_of(ACME)
    listed = "".join(f"{path.stat().st_size}  {path.relative_to(folder)}\n" for path in files)
    of_acme = [line for line in operator.rows("audit_log") if line["tenant_id"] == ACME]
    of_nobody = [
        line
        for line in operator.rows("audit_log")
        if line["tenant_id"] is None and line["actor"] == ANALYST
    ]
    size = sum(path.stat().st_size for path in files)
    receipt = erase(operator, *ERASE_ACME, "--receipt", str(tmp_path / "receipt.json"))
    assert receipt == json.loads((tmp_path / "receipt.json").read_text())
    assert receipt.pop("erased_at") <= receipt.pop("finished_at")
    assert {
        "format": 1,
        "tenant_id": ACME,
        "slug": "acme-corp",
        "erased_by": operator.rows("audit_log")[-1]["actor"],
        "files_sha256": hashlib.sha256(listed.encode()).hexdigest(),
        "users_kept": 0,
        "deleted": {
            "users": 1,
            "roles": 2,
            "dashboards": 2,
            "audit_lines": len(of_acme) + len(of_nobody),
            "files": len(files),
            "bytes": size,
        },
    } == receipt


def test_users_can_be_kept(operator: Operator, own_stage: Stage) -> None:
    """Those who were in no other tenant stay, with their own lines and without a role."""
    live(own_stage)
    receipt = erase(operator, *ERASE_ACME, "--keep-users")
    assert (1, 0) == (receipt["users_kept"], receipt["deleted"]["users"])
    (analyst,) = [user for user in operator.read("user", "list") if user["email"] == ANALYST]
    assert [] == analyst["tenants"]
    lines = [line for line in operator.rows("audit_log") if line["actor"] == ANALYST]
    assert {None} == {line["tenant_id"] for line in lines}


def test_what_would_go_is_said_first(operator: Operator) -> None:
    """Before anything is confirmed, and with how many users."""
    done = operator.run("tenant", "erase", "acme-corp")
    assert 2 == done.code
    said = done.err.splitlines()
    assert "This deletes tenant acme-corp (Acme Corporation), for good:" == said[0]
    assert "  1 user of no other tenant" in said
    kept = operator.run("tenant", "erase", "acme-corp", "--keep-users").err.splitlines()
    assert "It keeps 1 user of no other tenant." in kept


def test_a_tenant_that_never_had_data(operator: Operator) -> None:
    """No folder is no obstacle."""
    operator.do("tenant", "add", "--name", "Gamma", "--slug", "gamma", "--id", GAMMA)
    receipt = erase(operator, "tenant", "erase", GAMMA, "--confirm", "gamma")
    assert (0, 0, 1) == tuple(
        receipt["deleted"][name] for name in ("files", "bytes", "audit_lines")
    )
    assert 2 == len(operator.read("tenant", "list"))


def test_erased_added_and_erased_again(operator: Operator) -> None:
    """The id can be used again; each erasure keeps its own line."""
    add = ("tenant", "add", "--name", "Acme", "--slug", "acme-corp", "--id", ACME)
    erase(operator)
    operator.do(*add)
    erase(operator)
    assert ["admin.tenant.erase"] * 2 == [line["action"] for line in operator.rows("audit_log")]


def test_files_of_nobody_can_be_removed(operator: Operator) -> None:
    """A folder of an id that the metadata never knew goes by that id."""
    folder = operator.data_dir / "tenants" / GAMMA / "risk-analysis" / "v1"
    folder.mkdir(parents=True)
    (folder / "accounts.parquet").write_bytes(b"12345")
    done = operator.run("tenant", "erase", "gamma", "--confirm", "gamma")
    assert 2 == done.code
    assert f"An erasure was interrupted; finish it by the id: {GAMMA}." in done.err
    receipt = erase(operator, "tenant", "erase", GAMMA, "--confirm", GAMMA)
    assert (None, 1, 5) == (
        receipt["slug"],
        receipt["deleted"]["files"],
        receipt["deleted"]["bytes"],
    )
    assert not (operator.data_dir / "tenants" / GAMMA).exists()


def test_readers_are_not_torn(
    operator: Operator, own_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a tenant is erased, its people get whole answers or are told that it is gone."""
    monkeypatch.setattr("kyros_api.administration.erasure.GRACE", 0.5)
    token = bearer(own_stage.tenant_token("admin@acme.com", ACME))
    answers: list[tuple[int, str]] = []
    ended = threading.Event()

    def read() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            query = {"limit": "100", "offset": str(number % 200)}
            answer = own_stage.client.get(
                "/api/dashboards/customer-lifetime-value/data", params=query, headers=token
            )
            answers.append((answer.status_code, answer.text if answer.is_server_error else ""))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    erase(operator)
    ended.set()
    for reader in readers:
        reader.join()
    statuses = {status for status, _ in answers}
    assert {200, 404} == statuses, [text for _, text in answers if text][:1]
