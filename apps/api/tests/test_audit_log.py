"""Writing audit events down and moving them into the table: nothing is lost, nobody waits."""

from __future__ import annotations

import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from typing import TYPE_CHECKING

import pytest

from kyros_api.audit.events import AuditEvent
from kyros_api.audit.log import AuditLog, AuditUnavailableError
from kyros_api.audit.queries import insert_events
from kyros_api.audit.spool import Spool
from kyros_api.audit.tenant_lines import blank

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Engine

pytestmark = pytest.mark.databases


def actions(engine: Engine) -> list[str]:
    """Return the actions in the table, in their order."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT action FROM audit_log ORDER BY id")
        return [row[0] for row in rows]


def raising(error: type[Exception]) -> Callable[..., None]:
    """Return a function that fails, whatever it is called with."""

    def fail(*_: object) -> None:
        raise error

    return fail


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
        seen = set()
        for number in range(60):
            log.record(f"action.{number}", "allowed", actor=None)
            if number % 10 == 0:
                assert log.flush()
                files = {file.name for file in (tmp_path / "audit").iterdir()}
                assert 2 >= len(files)  # the old one goes once the new one is there
                seen |= files
        log.close()
        assert [f"action.{number}" for number in range(60)] == actions(engine)
        assert 3 <= len(seen)
        assert [] == list((tmp_path / "audit").iterdir())

    def test_a_full_file_waits_for_the_database(
        self, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What a full file still holds when the database is away comes in when it is back."""
        monkeypatch.setattr("kyros_api.audit.log._LONGEST_SPOOL", 1)
        log = AuditLog(tmp_path / "audit", engine)
        log.record("first", "allowed", actor=None)
        log._move_own()  # noqa: SLF001 - its thread does this, at moments that nobody can choose
        log.record("second", "allowed", actor=None)
        with monkeypatch.context() as away:
            away.setattr("kyros_api.audit.log.insert_events", raising(BlockingIOError))
            with pytest.raises(BlockingIOError):
                log._move_own()  # noqa: SLF001
        log.record("third", "allowed", actor=None)
        log.start()
        assert log.flush()
        log.close()
        assert ["first", "second", "third"] == actions(engine)
        assert [] == list((tmp_path / "audit").iterdir())

    def test_not_in_a_file_that_was_removed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A new file that another process takes for abandoned and removes is not written to."""
        lock = fcntl.flock
        removed: list[Path] = []

        def removed_first(descriptor: int, operation: int) -> None:
            if not removed:
                removed.extend(tmp_path.iterdir())
                removed[0].unlink()
            lock(descriptor, operation)

        monkeypatch.setattr("kyros_api.audit.spool.fcntl.flock", removed_first)
        spool = Spool.create(tmp_path)
        spool.append(AuditEvent.now("kept", "allowed", actor=None))
        assert 1 == len(list(tmp_path.iterdir()))
        spool.close()

    @pytest.mark.sqlite
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
