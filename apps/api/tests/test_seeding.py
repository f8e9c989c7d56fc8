"""Seeding: repeatable, all or nothing, and clear about what it refuses."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

import pytest
from api_stage import ACME, SOURCES
from sqlalchemy import text

from kyros_api.metadata.engine import sqlite_engine
from kyros_api.seeding import seed as seeding
from kyros_api.seeding.development import make_missing_secrets
from kyros_api.seeding.errors import SeedError
from kyros_api.seeding.seed import STEPS, seed
from kyros_api.seeding.status import read_status
from kyros_api.settings import StorageSettings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def settings(tmp_path: Path) -> StorageSettings:
    """Return settings for a data folder that holds the sources and nothing else."""
    shutil.copytree(SOURCES, tmp_path / "source")
    return StorageSettings(data_dir=tmp_path, database_path=tmp_path / "tenant_metadata.db")


def quietly(_step: str) -> None:
    """Report to nobody."""


def fingerprint(folder: Path) -> dict[str, str]:
    """Return the checksum of every file, without the lock that seeding leaves."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".seed.lock"
    }


def test_seeds_and_says_what(settings: StorageSettings) -> None:
    """Both tenants get their data, each step is reported, and the rows are counted."""
    steps: list[str] = []
    summary = seed(settings, steps.append)
    assert STEPS == len(steps)
    assert [23570, 1000, 6000] == [line.rows for line in summary]
    assert (True, True, 2) == tuple(read_status(settings.database_path))


def test_again_changes_no_data_and_keeps_what_is_there(settings: StorageSettings) -> None:
    """A second seeding leaves the same data, and what others have added to the metadata."""
    seed(settings, quietly)
    before = fingerprint(settings.data_dir / "tenants")
    engine = sqlite_engine(settings.database_path)
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO tenants VALUES ('t', 'Own', 'own', 1, '{}', '2026-01-01 00:00:00')")
        )
        connection.execute(text("UPDATE tenants SET name = 'Wrong' WHERE slug = 'acme-corp'"))
    seed(settings, quietly)
    with engine.connect() as connection:
        names = connection.execute(text("SELECT name FROM tenants ORDER BY name")).scalars().all()
    engine.dispose()
    assert ["Acme Corporation", "Beta Industries", "Own"] == list(names)
    assert before == fingerprint(settings.data_dir / "tenants")


def test_changed_source_is_refused(settings: StorageSettings) -> None:
    """A source that is not the published one stops seeding before anything is touched."""
    (settings.data_dir / "source" / "german_credit.csv").write_text("account\n1\n")
    before = fingerprint(settings.data_dir)
    with pytest.raises(SeedError, match="restore it with: git checkout"):
        seed(settings, quietly)
    assert before == fingerprint(settings.data_dir)


def test_missing_source_is_refused(settings: StorageSettings) -> None:
    """A source that is gone is named, with how to get it back."""
    (settings.data_dir / "source" / "cdnow_master.txt").unlink()
    with pytest.raises(SeedError, match=r"cdnow_master.txt cannot be read"):
        seed(settings, quietly)


def test_failure_before_the_end_leaves_what_was_there(
    settings: StorageSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the last step fails, a first seeding leaves no database and a later one the old one."""

    def fail(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(seeding, "write_rows", fail)
        with pytest.raises(SeedError, match="No space left on device"):
            seed(settings, quietly)
    assert not settings.database_path.exists()
    seed(settings, quietly)
    before = fingerprint(settings.data_dir)
    with monkeypatch.context() as broken:
        broken.setattr(seeding, "write_rows", fail)
        with pytest.raises(SeedError, match="what was there is unchanged"):
            seed(settings, quietly)
    assert before == fingerprint(settings.data_dir)


def test_leftovers_of_a_kill_are_removed(settings: StorageSettings) -> None:
    """What an interrupted seeding left aside is cleaned away by the next."""
    seed(settings, quietly)
    leftover = settings.data_dir / "tenants" / ACME / "risk-analysis" / ".staging-killed"
    leftover.mkdir()
    seed(settings, quietly)
    assert not leftover.exists()


def test_damaged_table_is_made_again(settings: StorageSettings) -> None:
    """Seeding again mends a table that was damaged."""
    seed(settings, quietly)
    before = fingerprint(settings.data_dir / "tenants")
    table = next(settings.data_dir.glob("tenants/*/*/*/customers.parquet"))
    table.write_bytes(b"damaged")
    seed(settings, quietly)
    assert before == fingerprint(settings.data_dir / "tenants")


def test_garbage_database_is_refused(settings: StorageSettings) -> None:
    """A file that is no database is left alone, and said."""
    settings.database_path.write_text("not a database at all, but long enough" * 50)
    with pytest.raises(SeedError, match="not a database of Kyros"):
        seed(settings, quietly)
    assert settings.database_path.read_text().startswith("not a database")


def test_one_at_a_time(settings: StorageSettings) -> None:
    """A second seeding is refused while one runs."""

    def nested(_step: str) -> None:
        with pytest.raises(SeedError, match="Another seeding is running"):
            seed(settings, quietly)

    seed(settings, nested)


def test_development_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing secret is made once, readable for the other services, and then kept."""
    monkeypatch.setenv("JWT_SECRET_KEY", "")
    monkeypatch.setenv("JWT_SECRET_KEY_FILE", str(tmp_path / "jwt"))
    monkeypatch.setenv("SESSION_SECRET_KEY", "given")
    monkeypatch.setenv("SESSION_SECRET_KEY_FILE", str(tmp_path / "session"))
    assert [tmp_path / "jwt"] == make_missing_secrets()
    secret = (tmp_path / "jwt").read_text()
    assert (64, 0o444) == (len(secret), (tmp_path / "jwt").stat().st_mode & 0o777)
    assert [] == make_missing_secrets()
    assert secret == (tmp_path / "jwt").read_text()
