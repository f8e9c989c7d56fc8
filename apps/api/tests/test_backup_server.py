"""A backup of either database comes back in either one, value by value."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from database_stage import Database, PostgresDatabases
from operator_stage import CONFIRMED, Operator, sentence
from sqlalchemy import text

from kyros_api.backup import placing
from kyros_api.metadata.engine import CHANGES, open_engine, take_turn
from kyros_api.metadata.location import SqliteFile
from kyros_api.metadata.migrate import downgrade

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.sqlite  # of both; it brings its own server

AT = "2026-03-29 01:59:59.000001"
HUGE = 2**62
JSON = {
    "precise": '{"a": 1.10, "b": 1e400, "c": 12345678901234567890123, "a": 1}',
    "spaced": '{ "x" :\t[ ] , "y": "\\u00e9\\ud83d\\ude00é😀\\\\u0000" }',
    "empty": "{}",
    "big": json.dumps({"rows": ["é" * 1000] * 500}),
    "lone": '{"half": "\\ud800"}',
}
TEXTS = ["", " ", "é", "e\u0301", "😀" * 50, "'\";--\\", "%s %(x)s ::int", "\t\r\n", "\\N", "\x7f"]


class Sides(NamedTuple):
    """The same demo on a file and on a server, each with a data folder of its own."""

    file: Operator
    server: Operator
    databases: PostgresDatabases


@pytest.fixture
def servers(postgres_server: str, seeded: Path) -> Iterator[PostgresDatabases]:
    """Return what makes databases on a server."""
    making = PostgresDatabases(postgres_server, lambda: seeded)
    yield making
    making.close()


@pytest.fixture
def sides(
    operator: Operator, servers: PostgresDatabases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Sides:
    """Give an operator of a file with the demo, and one of an empty database on a server."""
    data_dir = tmp_path / "server"
    server = Operator(servers.empty(data_dir / "no.db"), data_dir, monkeypatch)
    return Sides(operator, server, servers)


def move(source: Operator, target: Operator, file: Path) -> None:
    """Back up on one side, and restore on the other."""
    source.take_over()
    done = source.call("backup", str(file))
    assert (0, "") == (done.code, done.err)
    target.take_over()
    done = target.call("restore", str(file), *CONFIRMED)
    assert 0 == done.code, done


def fill(file: Operator) -> None:
    """Write what could be changed on the way."""
    with closing(sqlite3.connect(file.database.path)) as opened, opened:
        for number, value in enumerate(JSON.values()):
            opened.execute(
                "INSERT INTO tenants VALUES (?, ?, ?, ?, ?, ?)",
                (f"t{number}", TEXTS[number], f"slug-{number}", number % 2, value, AT),
            )
        for number, value in enumerate(TEXTS):
            opened.execute(
                "INSERT INTO users (id, email, is_active, created_at, password_hash)"
                " VALUES (?, ?, ?, ?, ?)",
                (f"u{number}", f"{value}{number}", number % 2, AT, None if number % 3 else value),
            )
            line = (number + 100, AT, value, "t0", value[:64], "denied", None, '{"n": 1.50}')
            opened.execute(
                "INSERT INTO audit_log"
                " (id, at, actor, tenant_id, action, outcome, request_id, details)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                line,
            )
        opened.execute("UPDATE audit_log SET id = ? WHERE id = 100", (HUGE,))
        opened.execute("INSERT INTO revoked_tokens VALUES ('r', '9999-12-31 23:59:59.999999')")
        opened.execute(
            "INSERT INTO sign_in_places VALUES ('a', 'o', 1, '0001-01-01 00:00:00.000000')"
        )


def every_row(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables as text, but the lines that restoring writes."""
    moment = (
        "to_char(MOMENT, 'YYYY-MM-DD HH24:MI:SS.US')"
        if database.settings.keys() == {"database_url"}
        else "substr(MOMENT || '.000000', 1, 26)"
    )
    at, created_at, until = (moment.replace("MOMENT", it) for it in ("at", "created_at", "until"))
    selects = {
        "tenants": "id, name, slug, CAST(is_active AS int), CAST(config_json AS text),"
        f" {created_at}",
        "users": f"id, email, CAST(is_active AS int), {created_at}, password_hash",
        "user_tenants": "user_id, tenant_id, role",
        "dashboards": "id, slug, title, description, CAST(config_json AS text)",
        "tenant_dashboards": "tenant_id, dashboard_id, CAST(config_json AS text), data_version,"
        " previous_data_version",
        "audit_log": f"id, {at}, actor, tenant_id, action, outcome, request_id,"
        " CAST(details AS text), event_id",
        "revoked_tokens": f"id, {until}",
        "sign_in_places": f"attempt, owner, CAST(failed AS int), {until}",
    }
    rows = {table: database.rows(f"SELECT {what} FROM {table}") for table, what in selects.items()}
    rows["audit_log"] = [row for row in rows["audit_log"] if row[4] != "admin.backup.restore"]
    return {table: sorted(found, key=repr) for table, found in rows.items()}


def test_values_are_the_same_there_and_back(
    sides: Sides, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a file to a server to a file: every digit, every character, every microsecond."""
    fill(sides.file)
    before = every_row(sides.file.database)
    assert {*JSON.values()} < {row[4] for row in before["tenants"]}
    move(sides.file, sides.server, tmp_path / "there.zip")
    assert before == every_row(sides.server.database)
    path = tmp_path / "back" / "tenant_metadata.db"
    back = Operator(Database(SqliteFile(path), path), path.parent, monkeypatch)
    move(sides.server, back, tmp_path / "back.zip")
    assert before == every_row(back.database)


def test_ids_go_on_after_the_highest(sides: Sides, tmp_path: Path) -> None:
    """The next line of the log gets an id of its own on either side."""
    fill(sides.file)
    sides.file.take_over()
    move(sides.file, sides.server, tmp_path / "there.zip")
    sides.server.do("tenant", "add", "--slug", "new", "--name", "New")
    ids = [row["id"] for row in sides.server.rows("audit_log")]
    assert [HUGE, HUGE + 1, HUGE + 2] == ids[-3:]


def test_what_a_server_cannot_hold(sides: Sides, tmp_path: Path) -> None:
    """NUL is another character there, a long line of the log is cut; a name is not."""
    with closing(sqlite3.connect(sides.file.database.path)) as opened, opened:
        for table, value in (("tenants", '{"n": "\\u0000\\\\\\u0000"}'), ("dashboards", "{}")):
            opened.execute(f"UPDATE {table} SET config_json = ?", (value,))
        opened.execute("UPDATE users SET email = ? WHERE email LIKE 'analyst%'", ("a\0b",))
        line = "INSERT INTO audit_log (at, actor, action, outcome, details) VALUES (?, ?, ?, ?, ?)"
        opened.execute(line, (AT, "a" * 300, "x", "denied", "{}"))
    move(sides.file, sides.server, tmp_path / "there.zip")
    configs = sides.server.database.rows("SELECT CAST(config_json AS text) FROM tenants")
    assert [('{"n": "\\ufffd\\\\\\ufffd"}',)] * 2 == configs
    assert ("a\ufffdb",) in sides.server.database.rows("SELECT email FROM users")
    actors = sides.server.database.rows("SELECT actor FROM audit_log WHERE action = 'x'")
    assert [("a" * 254,)] == actors
    before = sides.server.state()
    sides.file.database.execute("UPDATE tenants SET name = :it", it="n" * 201)
    sides.file.take_over()
    assert 0 == sides.file.call("backup", str(tmp_path / "long.zip")).code
    sides.server.take_over()
    refused = sides.server.call("restore", str(tmp_path / "long.zip"), *CONFIRMED)
    assert "is as it was: value too long" in refused.err
    assert before == sides.server.state()


def with_demo(sides: Sides, file: Path) -> dict[str, Any]:
    """Put the demo on the server, change it after a backup, and return what the backup has."""
    move(sides.file, sides.server, file)
    before = every_row(sides.server.database)
    sides.server.do("tenant", "add", "--slug", "new", "--name", "New")
    return before


@pytest.mark.parametrize(
    ("step", "done"),
    [
        ("restoring._place_metadata", False),
        ("placing._load", False),
        ("placing.go_on_counting", False),
        ("placing.flush", False),
        ("restoring._clear_replaced", True),
    ],
)
def test_a_process_that_is_killed(sides: Sides, tmp_path: Path, step: str, *, done: bool) -> None:
    """What is there is the old state or the new one; doing it again completes it."""
    file = tmp_path / "there.zip"
    before = with_demo(sides, file)
    changed = every_row(sides.server.database)
    program = (
        "import os, sys; from kyros_api.backup import placing, restoring; from kyros_api import cli"
        f"\n{step} = lambda *_: os.kill(os.getpid(), 9)\ncli.main(sys.argv[1:])"
    )
    killed = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-c", program, "restore", str(file), *CONFIRMED],
        capture_output=True,
        check=False,
    )
    assert -9 == killed.returncode, killed.stderr
    assert (before if done else changed) == every_row(sides.server.database)
    repeated = sides.server.call("restore", str(file), *CONFIRMED)
    assert 0 == repeated.code, repeated
    assert before == every_row(sides.server.database)
    assert not [*sides.server.data_dir.rglob(".re*")]


def test_what_was_there_is_kept(
    sides: Sides, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a file that a backup can be made of, and that its owner alone reads."""
    file = tmp_path / "there.zip"
    with_demo(sides, file)
    changed = every_row(sides.server.database)
    done = sides.server.call("restore", str(file), *CONFIRMED)
    [kept] = sides.server.data_dir.glob("tenant_metadata.before-*.db")
    assert str(kept) in done.out
    assert 0o600 == kept.stat().st_mode & 0o777
    before = Operator(Database(SqliteFile(kept), kept), sides.server.data_dir, monkeypatch)
    assert changed == every_row(before.database)
    move(before, sides.server, tmp_path / "back.zip")
    assert changed == every_row(sides.server.database)


def test_a_server_that_goes_away_at_the_end(
    sides: Sides, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows then what it did, so that is said; and what was there is kept all the same."""
    with_demo(sides, tmp_path / "there.zip")
    changed = every_row(sides.server.database)

    def cut_off(_path: object) -> None:
        sides.server.database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    with monkeypatch.context() as broken:
        broken.setattr(placing, "flush", cut_off)
        refused = sides.server.call("restore", str(tmp_path / "there.zip"), *CONFIRMED)
    assert "is whole, the old or the new: restore again." in refused.err.splitlines()[-1]
    assert changed == every_row(sides.server.database)
    [kept] = sides.server.data_dir.glob("tenant_metadata.before-*.db")
    assert changed == every_row(Database(SqliteFile(kept), kept))


def test_schemas(sides: Sides, tmp_path: Path) -> None:
    """An older one is backed up, kept and replaced; one that is not known is left alone."""
    file = tmp_path / "there.zip"
    before = with_demo(sides, file)
    engine = open_engine(sides.server.database.location)
    with engine.begin() as connection:
        downgrade(connection, "0003")
    engine.dispose()
    assert 0 == sides.server.call("backup", str(tmp_path / "old.zip")).code
    assert 0 == sides.server.call("restore", str(file), *CONFIRMED).code
    [kept] = sides.server.data_dir.glob("tenant_metadata.before-*.db")
    old = Database(SqliteFile(kept), kept)
    assert [("0003",)] == old.rows("SELECT version_num FROM alembic_version")
    assert ("new",) in old.rows("SELECT slug FROM tenants")
    assert before == every_row(sides.server.database)
    done = sides.server.call("restore", str(tmp_path / "old.zip"), *CONFIRMED)
    assert 0 == done.code, done
    assert 3 == len(sides.server.rows("tenants"))
    sides.server.database.execute("UPDATE alembic_version SET version_num = '9999'")
    state = sides.server.state()
    for command in (("backup", str(tmp_path / "x.zip")), ("restore", str(file), *CONFIRMED)):
        assert "has schema 9999, which this version" in sentence(sides.server.call(*command))
    assert state == sides.server.state()


def test_a_server_without_metadata(sides: Sides, tmp_path: Path) -> None:
    """There is nothing to back up."""
    sides.server.take_over()
    refused = sentence(sides.server.call("backup", str(tmp_path / "x.zip")))
    assert "kyros-api migrate" in refused
    assert not [*tmp_path.glob("*.zip")]


def test_who_waits_for_whom(sides: Sides, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backup waits for nobody; a restore gives up while somebody writes."""
    file = tmp_path / "there.zip"
    with_demo(sides, file)
    monkeypatch.setattr("kyros_api.metadata.engine.BUSY_TIMEOUT_MS", 300)
    engine = open_engine(sides.server.database.location)
    for change in ("", "UPDATE tenants SET name = 'Other'"):
        with engine.begin() as connection:
            if change:
                connection.execute(text(change))
            else:
                take_turn(connection, CHANGES)
            assert 0 == sides.server.call("backup", str(file), "--force").code
            refused = sides.server.call("restore", str(file), *CONFIRMED)
            assert 1 == refused.code
            assert "is locked by another program" in refused.err
            connection.rollback()
    engine.dispose()
    assert ("new",) in sides.server.database.rows("SELECT slug FROM tenants")
