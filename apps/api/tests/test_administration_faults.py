"""A machine that is not fit for administration: one sentence, and nothing changed."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from operator_stage import sentence

from kyros_api.cli import main
from kyros_api.metadata.engine import open_engine
from kyros_api.metadata.migrate import downgrade

if TYPE_CHECKING:
    from pathlib import Path

    from operator_stage import Done, Operator

pytestmark = pytest.mark.databases

ADD = ("tenant", "add", "--name", "Gamma", "--slug", "gamma")


def fault(done: Done) -> str:
    """Return the sentence about the machine."""
    assert 1 == done.code, done
    return sentence(done)


@pytest.mark.sqlite
def test_no_database(operator: Operator) -> None:
    """It is named, with how to make one; none is made by looking."""
    file = operator.database.path
    file.unlink()
    for arguments in (("tenant", "list"), ADD):
        assert f"no metadata database at {file};" in fault(operator.run(*arguments))
    assert not file.exists()


@pytest.mark.parametrize("arguments", [("tenant", "list"), ADD])
def test_another_schema(operator: Operator, arguments: tuple[str, ...]) -> None:
    """A database of an older version is not touched."""
    engine = open_engine(operator.database.location)
    with engine.begin() as connection:
        downgrade(connection, "0001")
    engine.dispose()
    said = fault(operator.run(*arguments))
    assert "has schema 0001 and this version needs 0" in said
    assert "kyros-api migrate" in said


@pytest.mark.sqlite
@pytest.mark.parametrize("arguments", [("tenant", "list"), ADD])
def test_no_schema_at_all(operator: Operator, arguments: tuple[str, ...]) -> None:
    """An empty file is a database to SQLite, and not to us."""
    operator.database.path.write_bytes(b"")
    assert "has schema none" in fault(operator.run(*arguments))


@pytest.mark.sqlite
@pytest.mark.parametrize("arguments", [("tenant", "list"), ADD])
def test_no_database_at_all(operator: Operator, arguments: tuple[str, ...]) -> None:
    """A file that is something else is left as it is."""
    operator.database.path.write_text("not a database, but long enough to be one" * 50)
    assert "is damaged or is no database" in fault(operator.run(*arguments))
    assert operator.database.path.read_text().startswith("not a database")


@pytest.mark.sqlite
def test_a_locked_database(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading goes on; a change is refused after waiting for its turn."""
    monkeypatch.setattr("kyros_api.metadata.engine.BUSY_TIMEOUT_MS", 50)
    with closing(sqlite3.connect(operator.database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "acme-corp" in operator.do("tenant", "list")
        assert "is locked by another program; wait" in fault(operator.run(*ADD))


@pytest.mark.sqlite
def test_a_database_that_cannot_be_written(
    operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cause is said."""
    alone = tmp_path / "alone.db"
    shutil.copy(operator.database.path, alone)
    # A folder in place of its log: root could write it whatever its permissions are.
    alone.with_name("alone.db-wal").mkdir()
    monkeypatch.setenv("DATABASE_PATH", str(alone))
    assert "alone.db cannot be used (" in fault(operator.run(*ADD))


def test_bad_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that makes no sense is named."""
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    with pytest.raises(SystemExit, match="LOG_LEVEL"):
        main(["admin", "tenant", "list"])
