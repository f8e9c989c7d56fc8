"""A backup holds everything of one moment, and comes back as it was; or nothing is touched."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from api_stage import ACME, bearer
from operator_stage import CONFIRMED, ERASE_ACME, TABLES, Operator, live
from sqlalchemy import text

from kyros_api.administration import erasure
from kyros_api.audit.events import AuditEvent
from kyros_api.audit.log import AuditLog
from kyros_api.backup import restoring
from kyros_api.metadata.engine import open_engine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from api_stage import Stage
    from database_stage import Databases

pytestmark = pytest.mark.databases


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def machine(
    operator: Operator, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Path], Operator]:
    """Return what gives an operator of a machine on which there is nothing yet.

    Commands run there from then on.
    """
    assert operator.rows("tenants")

    def make(data_dir: Path) -> Operator:
        there = databases.empty(data_dir / "tenant_metadata.db")
        return Operator(there, data_dir, monkeypatch)

    return make


@pytest.fixture
def elsewhere(tmp_path: Path, machine: Callable[[Path], Operator]) -> Operator:
    """Give an operator of one."""
    return machine(tmp_path / "elsewhere")


def contents(operator: Operator) -> dict[str, object]:
    """Return all rows but the line of the restore, and each data file's checksum."""
    rows: dict[str, Any] = {table: operator.rows(table) for table in TABLES}
    rows["audit_log"] = [
        line for line in rows["audit_log"] if line["action"] != "admin.backup.restore"
    ]
    files = {
        str(path.relative_to(operator.data_dir)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((operator.data_dir / "tenants").rglob("*"))
        if path.is_file()
    }
    return {"files": files, **rows}


def test_it_comes_back_on_another_machine(
    operator: Operator, zipped: Path, elsewhere: Operator
) -> None:
    """Rows and files are the same, and an API answers from them."""
    before = contents(operator)
    done = elsewhere.call("restore", str(zipped))
    assert (0, "") == (done.code, done.err)
    assert "2 tenants." in done.out
    assert contents(elsewhere) == before
    line = elsewhere.rows("audit_log")[-1]
    assert ("admin.backup.restore", "allowed") == (line["action"], line["outcome"])


def test_it_takes_back_what_was_changed_since(
    operator: Operator, zipped: Path, make_stage: Callable[..., Stage]
) -> None:
    """Also data that were damaged; the metadata until then are kept beside."""
    before = contents(operator)
    operator.do("tenant", "add", "--slug", "new", "--name", "New")
    damaged = operator.files_of(ACME, "risk-analysis")[0]
    damaged.write_bytes(b"no Parquet")
    done = operator.call("restore", str(zipped), *CONFIRMED)
    assert 0 == done.code, done
    assert contents(operator) == before
    [kept] = operator.data_dir.glob("tenant_metadata.before-*.db")
    with closing(sqlite3.connect(kept)) as connection:
        assert ("new",) in connection.execute("SELECT slug FROM tenants").fetchall()
    assert not [*operator.data_dir.rglob(".re*")]
    stage = make_stage(**operator.database.settings, data_dir=operator.data_dir)
    token = bearer(stage.tenant_token("analyst@acme.com", ACME))
    answer = stage.client.get("/api/dashboards/risk-analysis/data", headers=token)
    assert 200 == answer.status_code


def test_events_that_were_on_their_way_are_in_it(
    operator: Operator, tmp_path: Path, elsewhere: Operator
) -> None:
    """What the audit log has accepted is not lost because the database was kept by somebody."""
    event = AuditEvent.now("sign-in", "allowed", actor="analyst@acme.com")
    spool = operator.data_dir / "audit" / f"{'0' * 32}.jsonl"
    spool.parent.mkdir()
    spool.write_bytes(event.to_line())
    operator.take_over()
    assert 0 == operator.call("backup", str(tmp_path / "b.zip")).code
    elsewhere.take_over()
    assert 0 == elsewhere.call("restore", str(tmp_path / "b.zip")).code
    engine = open_engine(elsewhere.database.location)
    log = AuditLog(elsewhere.data_dir / "audit", engine)
    log.start()
    assert log.flush(10)
    log.close()
    engine.dispose()
    assert event.event_id in [line["event_id"] for line in elsewhere.rows("audit_log")]


def replace_data(operator: Operator, stop: threading.Event, written: list[int]) -> None:
    """Number users, and with each of them put new data of a tenant in place, until told to stop."""
    folder = operator.data_dir / "tenants" / ACME / "risk-analysis"
    engine = open_engine(operator.database.location)
    while not stop.wait(0.1):
        number = len(written)
        version = f"own-{number:08}"
        (folder / version).mkdir()
        for table in ("accounts", "rest"):
            (folder / version / f"{table}.parquet").write_bytes(version.encode() * 20_000)
        with engine.begin() as connection:
            connection.execute(
                text(
                    "UPDATE tenant_dashboards"
                    " SET previous_data_version = data_version, data_version = :version"
                    " WHERE tenant_id = :tenant AND dashboard_id ="
                    " (SELECT id FROM dashboards WHERE slug = 'risk-analysis')"
                ),
                {"version": version, "tenant": ACME},
            )
            connection.execute(
                text(
                    "INSERT INTO users (id, email, is_active, created_at)"
                    " VALUES (:id, :email, true, '2026-01-01 00:00:00')"
                ),
                {"id": f"{number:036}", "email": f"{number}@example.com"},
            )
        for old in folder.glob("own-*"):  # all but the one before
            if old.name < f"own-{number - 1:08}":
                shutil.rmtree(old)
        written.append(number)
    engine.dispose()


def test_writers_go_on_and_each_backup_is_of_one_moment(
    operator: Operator, tmp_path: Path, machine: Callable[[Path], Operator]
) -> None:
    """Somebody numbers tenants and replaces data all the time: no number is left out, no file torn.

    Each version of the data holds its own name, and the database says which one counts.
    """
    stop = threading.Event()
    written: list[int] = []
    writer = threading.Thread(target=replace_data, args=(operator, stop, written))
    writer.start()
    files = [tmp_path / f"{number}.zip" for number in range(4)]
    try:
        for number, file in enumerate(files):
            while len(written) <= number:  # so that each backup has something new in it
                assert writer.is_alive()
                time.sleep(0.01)
            done = operator.call("backup", str(file))
            assert 0 == done.code, done
    finally:
        stop.set()
        writer.join()
    for file in files:
        there = machine(tmp_path / file.stem)
        assert 0 == there.call("restore", str(file)).code
        numbers = [
            int(row["id"]) for row in there.rows("users") if row["email"].endswith("@example.com")
        ]
        assert sorted(numbers) == [*range(len(numbers))]
        versions = {row["data_version"] for row in there.rows("tenant_dashboards")}
        latest = f"own-{len(numbers) - 1:08}"
        if numbers:
            assert latest in versions
        for path in there.files_of(ACME, "risk-analysis"):
            if path.parent.name.startswith("own-"):
                assert path.read_bytes() == path.parent.name.encode() * 20_000


def test_nobody_restores_under_a_running_platform(
    own_stage: Stage, operator: Operator, tmp_path: Path
) -> None:
    """A backup may be made then; a restore is refused before anything is touched."""
    live(own_stage)
    file = tmp_path / "backup.zip"
    assert 0 == operator.call("backup", str(file)).code
    before = operator.state()
    done = operator.call("restore", str(file), *CONFIRMED)
    assert 1 == done.code
    assert "stop it with: nox -s down" in done.err.splitlines()[-1]
    assert before == operator.state()


@pytest.mark.parametrize("step", ["_bring_up_to_date", "_place_metadata", "_clear_replaced"])
def test_a_restore_that_is_killed(
    operator: Operator, zipped: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """What is in use is the old state or the new one, whole; and it can be done again."""
    before = contents(operator)
    operator.do("tenant", "add", "--slug", "new", "--name", "New")
    changed = contents(operator)

    def kill(*_args: object) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(restoring, step, kill)
        with pytest.raises(Killed):
            operator.call("restore", str(zipped), *CONFIRMED)
    assert contents(operator) == (before if step == "_clear_replaced" else changed)
    assert 0 == operator.call("restore", str(zipped), *CONFIRMED).code
    assert contents(operator) == before


def test_an_erased_tenant_does_not_come_back_unnoticed(
    operator: Operator, zipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command says who has to be erased again, and how."""
    monkeypatch.setattr(erasure, "GRACE", 0)
    assert 0 == operator.run(*ERASE_ACME).code
    done = operator.call("restore", str(zipped), *CONFIRMED)
    assert 0 == done.code
    assert "nox -s admin -- tenant erase acme-corp" in done.err
