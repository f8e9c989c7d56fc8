"""The audit log: nothing is lost, nobody waits, and each tenant's admins read their own."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from api_stage import ACME, BETA, Stage, bearer

from kyros_api.audit.events import AuditEvent
from kyros_api.audit.log import AuditLog, AuditUnavailableError
from kyros_api.audit.queries import insert_events
from kyros_api.audit.spool import Spool
from kyros_api.audit.tenant_lines import blank

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine


def actions(engine: Engine) -> list[str]:
    """Return the actions in the table, in their order."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT action FROM audit_log ORDER BY id")
        return [row[0] for row in rows]


class TestLog:
    """Writing down, and moving into the table."""

    def test_recorded_then_in_the_table(self, engine: Engine, tmp_path: Path) -> None:
        """Events come into the table in their order, and no file is left behind."""
        log = AuditLog(tmp_path / "audit", engine)
        log.start()
        for number in range(20):
            log.record(f"action.{number}", "allowed", actor=None)
        assert log.flush()
        assert [f"action.{number}" for number in range(20)] == actions(engine)
        log.close()
        assert [] == list((tmp_path / "audit").iterdir())

    def test_a_new_file_when_one_is_long(
        self, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A file does not grow for ever, and nothing is lost or doubled at the change."""
        monkeypatch.setattr("kyros_api.audit.log._LONGEST_SPOOL", 1000)
        log = AuditLog(tmp_path / "audit", engine)
        log.start()
        for number in range(60):
            log.record(f"action.{number}", "allowed", actor=None)
            if number % 10 == 0:
                assert log.flush()
        assert log.flush()
        end = time.monotonic() + 10
        while len(list((tmp_path / "audit").iterdir())) > 1 and time.monotonic() < end:
            time.sleep(0.01)  # the old file goes right after its last event is in the table
        files = list((tmp_path / "audit").iterdir())
        log.close()
        assert [f"action.{number}" for number in range(60)] == actions(engine)
        assert 1 == len(files)

    def test_nobody_waits_for_a_locked_database(self, engine: Engine, tmp_path: Path) -> None:
        """While somebody else keeps the database, recording is as quick; then it catches up."""
        log = AuditLog(tmp_path / "audit", engine)
        log.start()
        blocker = sqlite3.connect(tmp_path / "metadata.db", isolation_level=None)
        blocker.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        for number in range(100):
            log.record(f"action.{number}", "denied", actor="a@b.example")
        took = time.monotonic() - began
        assert not log.flush(timeout=0.1)
        blocker.execute("ROLLBACK")
        blocker.close()
        assert log.flush(timeout=20)
        log.close()
        assert took < 1
        assert 100 == len(actions(engine))

    def test_what_cannot_be_written_does_not_happen(self, engine: Engine, tmp_path: Path) -> None:
        """Without a place to write, recording fails, and so does what would be recorded."""
        (tmp_path / "audit").write_text("in the way")
        log = AuditLog(tmp_path / "audit", engine)
        with pytest.raises(AuditUnavailableError):
            log.record("auth.sign_in", "allowed", actor=None)

    def test_taken_over_from_the_dead_not_from_the_living(
        self, engine: Engine, tmp_path: Path
    ) -> None:
        """A file whose process is gone is moved by the next one; that of a living one is not."""
        dead, living = (Spool.create(tmp_path / "audit") for _ in range(2))
        dead.append(AuditEvent.now("left.behind", "denied", actor=None))
        living.append(AuditEvent.now("still.mine", "denied", actor=None))
        os.close(dead._descriptor)  # noqa: SLF001 - as the kernel does when a process dies
        log = AuditLog(tmp_path / "audit", engine)
        log.start()
        log.record("of.the.new", "allowed", actor=None)
        assert log.flush()
        log.close()
        assert ["left.behind", "of.the.new"] == actions(engine)
        living.close()

    def test_delivered_twice_written_once(self, engine: Engine) -> None:
        """An event that comes again, as after a crash between commit and cleaning up, is known."""
        event = AuditEvent.now("once", "allowed", actor=None)
        for _ in range(2):
            with engine.begin() as connection:
                insert_events(connection, [event, event])
        assert ["once"] == actions(engine)

    def test_a_line_cut_off_spoils_no_other(self, tmp_path: Path) -> None:
        """What a crash or a full disk cut off is left out; what follows is read."""
        event = AuditEvent.now("whole", "allowed", actor="ü@b.example", details={"why": "x"})
        file = tmp_path / "left.jsonl"
        file.write_bytes(event.to_line()[:40] + b"\n" + event.to_line() + event.to_line()[:9])
        spool = Spool(file)
        events, size = spool.read()
        assert [event] == events
        assert len(file.read_bytes()) - 9 == size
        os.close(spool._descriptor)  # noqa: SLF001

    def test_a_full_disk_spoils_no_other(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What the disk took only a part of is an error, and leaves nothing behind."""
        write = os.write
        spool = Spool.create(tmp_path / "audit")
        event = AuditEvent.now("whole", "allowed", actor=None)
        spool.append(event)
        with monkeypatch.context() as full:
            full.setattr(os, "write", lambda file, data: write(file, data[: len(data) // 2]))
            with pytest.raises(OSError, match="only a part"):
                spool.append(AuditEvent.now("half", "allowed", actor=None))
        spool.append(event)
        assert [event, event] == spool.read()[0]
        assert 2 * len(event.to_line()) == spool.size
        spool.close()

    def test_lines_that_were_blanked_hold_nobody_up(self, engine: Engine, tmp_path: Path) -> None:
        """An erasure that blanks lines before they are moved leaves nobody waiting for them."""
        log = AuditLog(tmp_path / "audit", engine)
        for _ in range(3):
            log.record("goes", "allowed", actor=None, tenant_id="t")
        log.record("stays", "allowed", actor=None)
        blank(tmp_path / "audit", lambda event: event.tenant_id == "t")
        log.start()
        assert log.flush()
        log.close()
        assert ["stays"] == actions(engine)

    def test_killed_right_after_the_answer(self, engine: Engine, tmp_path: Path) -> None:
        """A process that dies the moment it has recorded loses nothing of it."""
        program = f"""
            import os, signal
            from pathlib import Path
            from kyros_api.audit.log import AuditLog
            from kyros_api.metadata.engine import sqlite_engine
            log = AuditLog(Path({str(tmp_path / "audit")!r}), sqlite_engine(Path("/nowhere.db")))
            log.start()
            for number in range(50):
                log.record(f"action.{{number}}", "allowed", actor=None)
            os.kill(os.getpid(), signal.SIGKILL)
        """
        done = subprocess.run(  # noqa: S603 - ours
            [sys.executable, "-c", textwrap.dedent(program)], check=False, capture_output=True
        )
        assert -signal.SIGKILL == done.returncode, done.stderr
        log = AuditLog(tmp_path / "audit", engine)
        log.start()
        log.record("after", "allowed", actor=None)
        assert log.flush()
        log.close()
        assert [f"action.{number}" for number in range(50)] == actions(engine)[:50]


class TestRoute:
    """GET /api/tenant/{tenant_id}/audit."""

    def read(self, stage: Stage, tenant_id: str = ACME, **query: object) -> dict[str, object]:
        """Read a page as the tenant's admin."""
        answer = stage.client.get(
            f"/api/tenant/{tenant_id}/audit",
            params={name: str(value) for name, value in query.items()},
            headers=bearer(stage.tenant_token("admin@acme.com", tenant_id)),
        )
        assert 200 == answer.status_code, answer.text
        body: dict[str, object] = answer.json()
        return body

    def test_anonymous_and_viewer(self, stage: Stage) -> None:
        """Only an admin reads it; a viewer's try stands in it."""
        assert 401 == stage.client.get(f"/api/tenant/{ACME}/audit").status_code
        token = stage.tenant_token("analyst@acme.com", ACME)
        answer = stage.client.get(f"/api/tenant/{ACME}/audit", headers=bearer(token))
        assert (403, "ADMIN_REQUIRED") == (answer.status_code, answer.json()["error"]["code"])
        events = self.read(stage, search="tenant.administer")["events"]
        assert isinstance(events, list)
        assert ("analyst@acme.com", "denied") == (events[0]["actor"], events[0]["outcome"])

    def test_no_longer_admin(self, stage: Stage) -> None:
        """The role in the token does not help when the database has another by now."""
        token = stage.tenant_token("admin@acme.com", ACME)
        with sqlite3.connect(stage.database) as connection:
            connection.execute("UPDATE user_tenants SET role = 'viewer'")
        connection.close()
        answer = stage.client.get(f"/api/tenant/{ACME}/audit", headers=bearer(token))
        assert (403, "ADMIN_REQUIRED") == (answer.status_code, answer.json()["error"]["code"])

    def test_newest_first_in_pages(self, stage: Stage) -> None:
        """Pages put together are the whole, in order, whatever comes in meanwhile."""
        for _ in range(7):
            stage.tenant_token("analyst@acme.com", ACME)
        ids: list[int] = []
        page = self.read(stage, limit=3)
        while True:
            events = page["events"]
            assert isinstance(events, list)
            ids += [event["id"] for event in events]
            if page["next_before"] is None:
                break
            page = self.read(stage, limit=3, before=page["next_before"])
        assert sorted(ids, reverse=True) == ids
        assert len(set(ids)) == len(ids) >= 14
        assert ids[2:4] == [
            event["id"]
            for event in self.read(stage, limit=2, before=ids[1])["events"]  # type: ignore[attr-defined]
        ]

    def test_signs_in_and_entries_of_members(self, stage: Stage) -> None:
        """Sign-ins concern every tenant that the person belongs to, entries the one entered."""
        stage.tenant_token("viewer@beta.com", BETA)
        stage.tenant_token("analyst@acme.com", ACME)
        for tenant_id, theirs, others in (
            (ACME, "analyst@acme.com", "viewer@beta.com"),
            (BETA, "viewer@beta.com", "analyst@acme.com"),
        ):
            events = self.read(stage, tenant_id)["events"]
            assert isinstance(events, list)
            assert {"auth.sign_in", "token.exchange"} == {
                event["action"] for event in events if event["actor"] == theirs
            }
            assert others not in str(events)

    def test_a_stranger_is_not_named(self, stage: Stage) -> None:
        """That somebody else was turned away concerns the tenant; who it was does not."""
        header = bearer(stage.user_token("viewer@beta.com"))
        stage.client.post("/api/token/exchange", json={"tenant_id": ACME}, headers=header)
        events = self.read(stage, outcome="denied")["events"]
        assert isinstance(events, list)
        assert (None, "token.exchange") == (events[0]["actor"], events[0]["action"])
        assert "beta" not in str(events)

    def test_a_stranger_is_not_found_by_name(self, stage: Stage) -> None:
        """A search finds only what is shown: else one could try names until one fits."""
        header = bearer(stage.user_token("viewer@beta.com"))
        stage.client.post("/api/token/exchange", json={"tenant_id": ACME}, headers=header)
        assert 1 == self.read(stage, outcome="denied")["total"]
        assert 0 == self.read(stage, search="viewer@beta.com")["total"]

    def test_between_two_moments(self, stage: Stage) -> None:
        """From the first moment on, before the second, whatever zone they are written in."""
        stage.tenant_token("analyst@acme.com", ACME)
        lines = self.read(stage)["events"]
        assert isinstance(lines, list)
        newest, oldest = (datetime.fromisoformat(lines[place]["at"]) for place in (0, -1))
        east = timezone(timedelta(hours=9))
        everything = self.read(stage, since=oldest.astimezone(east).isoformat())
        assert len(lines) <= int(str(everything["total"]))
        before = self.read(stage, until=newest.astimezone(east).isoformat())["events"]
        assert isinstance(before, list)
        assert lines[0]["id"] not in [line["id"] for line in before]
        assert lines[-1]["id"] in [line["id"] for line in before]
        later = newest + timedelta(days=1)
        assert lines[0]["id"] not in [
            line["id"]
            for line in self.read(stage, since=later.isoformat())["events"]  # type: ignore[attr-defined]
        ]

    @pytest.mark.parametrize(
        ("since", "until"),
        [
            ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
            ("0001-01-01T00:00:00z", "9999-12-31t23:59:59Z"),
        ],
    )
    def test_first_and_last_moment(self, stage: Stage, since: str, until: str) -> None:
        """All that was ever written lies between them, in whatever zone they are."""
        stage.tenant_token("analyst@acme.com", ACME)
        found = self.read(stage, since=since, until=until)["total"]
        assert isinstance(found, int)
        assert found > 0

    @pytest.mark.parametrize(
        "query",
        [
            *("limit=0", "limit=501", "offset=-1", "outcome=perhaps", "tenant_id=x", "before=a"),
            *("since=yesterday", "until=2026-01-01T00:00:00", "since=0", "until=1767225600"),
        ],
    )
    def test_bad_query(self, stage: Stage, query: str) -> None:
        """What makes no sense is a 400 that names it."""
        token = stage.tenant_token("admin@acme.com", ACME)
        answer = stage.client.get(f"/api/tenant/{ACME}/audit?{query}", headers=bearer(token))
        assert (400, "INVALID_REQUEST") == (answer.status_code, answer.json()["error"]["code"])
        assert query.partition("=")[0] in answer.json()["error"]["details"][0]["where"]

    def test_search_is_text_not_a_pattern(self, stage: Stage) -> None:
        """A search finds its own characters: per cent and underscore are nothing special."""
        stage.tenant_token("analyst@acme.com", ACME)
        assert 0 == self.read(stage, search="%")["total"]
        found = self.read(stage, search="ANALYST@")
        assert isinstance(found["total"], int)
        assert found["total"] > 0
