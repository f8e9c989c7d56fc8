"""An erasure that is interrupted: nothing has happened, or it can be finished by the id."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from api_stage import ACME
from operator_stage import ANALYST, ERASE_ACME, found, live

from kyros_api.administration import erasure
from kyros_api.audit import tenant_lines
from kyros_api.audit.events import AuditEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from api_stage import Stage
    from operator_stage import Operator

pytestmark = pytest.mark.databases

FINISH = ("tenant", "erase", ACME, "--confirm", ACME)


class Killed(BaseException):
    """The process ends here."""


def kill(*_args: object, **_kwargs: object) -> None:
    """End the process."""
    raise Killed


def facts(receipt: dict[str, Any]) -> dict[str, Any]:
    """Return what a receipt says of what was there."""
    return {name: receipt[name] for name in ("tenant_id", "deleted", "files_sha256", "erased_at")}


def is_gone(operator: Operator) -> bool:
    """Say whether neither rows nor files are left."""
    slugs = [item["slug"] for item in operator.read("tenant", "list")]
    return "acme-corp" not in slugs and not (operator.data_dir / "tenants" / ACME).exists()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no requests: there are none."""
    monkeypatch.setattr(erasure, "GRACE", 0)


def die_at(monkeypatch: pytest.MonkeyPatch, operator: Operator, step: str, times: int = 1) -> None:
    """Erase, and end the process when a step begins for the so-manieth time."""
    original = getattr(erasure, step)
    calls = iter([original] * (times - 1) + [kill])

    def call_or_die(*args: object, **kwargs: object) -> object:
        return next(calls)(*args, **kwargs)

    with monkeypatch.context() as broken:
        broken.setattr(erasure, step, call_or_die)
        with pytest.raises(Killed):
            operator.run(*ERASE_ACME)


@pytest.mark.parametrize("step", ["collect", "forget", "record", "blank"])
def test_before_the_commit(operator: Operator, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Everything is as it was, and the command can be repeated as it was given."""
    before = operator.state()
    die_at(monkeypatch, operator, step)
    assert before == operator.state()
    assert 0 == operator.run(*ERASE_ACME).code
    assert is_gone(operator)


@pytest.mark.parametrize(
    ("step", "times"), [("changing", 3), ("forget", 2), ("blank", 2), ("compact", 1)]
)
def test_after_the_commit(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, step: str, times: int
) -> None:
    """The same command by the id goes on, and its receipt tells of all that there was."""
    files = len(operator.files_of(ACME))
    die_at(monkeypatch, operator, step, times)
    assert "acme-corp" not in [item["slug"] for item in operator.read("tenant", "list")]
    done = operator.run(*FINISH)
    assert 0 == done.code, done
    receipt = json.loads(done.out)
    assert (None, 1, files) == (
        receipt["slug"],
        receipt["deleted"]["users"],
        receipt["deleted"]["files"],
    )
    assert is_gone(operator)
    assert ["admin.tenant.erase"] == [line["action"] for line in operator.rows("audit_log")]


def test_users_are_forgotten_in_audit_files_before_the_commit(
    operator: Operator, own_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After it nobody knows any more whose lines they were; a crash then must leave none."""
    live(own_stage)
    assert any("audit/" in place for place in found(operator, ANALYST))
    die_at(monkeypatch, operator, "changing", 3)
    assert not any("audit/" in place for place in found(operator, ANALYST))
    assert 0 == operator.run(*FINISH).code
    assert [] == found(operator, ANALYST)


def test_a_commit_that_fails_loses_no_line(
    operator: Operator, own_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What had only been in a file, as after a crash of the API, is in the table from then on.

    What came into a file too late for that stays in it.
    """
    live(own_stage)
    event = AuditEvent.now("auth.sign_in", "allowed", actor=ANALYST)
    crashed = operator.data_dir / "audit" / "crashed.jsonl"
    crashed.write_bytes(event.to_line())
    blank = tenant_lines.blank

    late = AuditEvent.now("auth.sign_in", "allowed", actor=ANALYST)

    def blank_and_die(folder: Path, goes: Callable[[AuditEvent], bool]) -> None:
        with crashed.open("ab") as file:
            file.write(late.to_line())
        blank(folder, goes)
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(erasure, "blank", blank_and_die)
        with pytest.raises(Killed):
            operator.run(*ERASE_ACME)
    assert late.to_line() == crashed.read_bytes().lstrip()
    assert event.event_id in {line["event_id"] for line in operator.rows("audit_log")}
    assert any(row["id"] == ACME for row in operator.rows("tenants"))


def test_half_of_the_files(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that are left are removed; the receipt still lists all that there were."""
    whole = shutil.rmtree
    files = len(operator.files_of(ACME))
    left = len(operator.files_of(ACME, "customer-lifetime-value"))
    assert 0 < left < files

    def half(folder: Path) -> None:
        whole(folder / "risk-analysis")
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(shutil, "rmtree", half)
        with pytest.raises(Killed):
            operator.run(*ERASE_ACME)
    done = operator.run("tenant", "erase", "acme-corp", "--confirm", "acme-corp")
    assert 2 == done.code
    assert f"An erasure was interrupted; finish it by the id: {ACME}." in done.err
    done = operator.run(*FINISH)
    assert f"Of tenant {ACME} only data are left; this deletes, for good: {left} files" in done.err
    assert files == json.loads(done.out)["deleted"]["files"]
    assert is_gone(operator)


def test_files_that_cannot_be_removed(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says that they are still there, and how to go on."""

    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder / "risk-analysis"))

    with monkeypatch.context() as broken:
        broken.setattr(shutil, "rmtree", refuse)
        done = operator.run(*ERASE_ACME)
    assert 1 == done.code
    assert "risk-analysis could not be removed (Permission denied); mend that and" in done.err
    assert 0 == operator.run(*FINISH).code
    assert is_gone(operator)


def test_the_receipt_can_be_had_again(operator: Operator) -> None:
    """After a complete erasure, repeating it by the id asks nothing and writes it anew."""
    first = json.loads(operator.run(*ERASE_ACME).out)
    done = operator.run("tenant", "erase", ACME)
    assert 0 == done.code, done
    assert f"Tenant {ACME} is erased already; this writes its receipt again." in done.err
    assert facts(first) == facts(json.loads(done.out))
    assert 2 == len(list((operator.data_dir / "receipts").iterdir()))


def start(operator: Operator) -> subprocess.Popen[bytes]:
    """Begin to erase in a process of its own, with the settings of the operator's fixture."""
    assert operator.data_dir.exists()
    program = [str(Path(sys.executable).with_name("kyros-api")), "admin", *ERASE_ACME]
    return subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - ours


def test_killed_right_after_the_commit(operator: Operator) -> None:
    """Nobody can enter it any more, its files are there, and the id finishes it."""
    running = start(operator)
    while any(row["id"] == ACME for row in operator.rows("tenants")):
        assert running.poll() is None
        time.sleep(0.01)
    running.kill()
    running.wait()
    assert (operator.data_dir / "tenants" / ACME / "risk-analysis").is_dir()
    assert 2 == len(operator.rows("user_tenants"))
    assert 0 == operator.run(*FINISH).code
    assert is_gone(operator)


def test_killed_at_any_moment(operator: Operator) -> None:
    """Either all is there or the tenant is shut; and one of the two commands finishes it."""
    before = operator.state()
    for part in range(1, 5):
        running = start(operator)
        time.sleep(part * 0.5)
        running.kill()
        running.wait()
        if any(row["id"] == ACME for row in operator.rows("tenants")):
            assert before == operator.state()
    codes = {operator.run(*command).code for command in (ERASE_ACME, FINISH)}
    assert 0 in codes
    assert is_gone(operator)
