"""Seeding: repeatable, all or nothing, and clear about what it refuses."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from api_stage import ACME, SOURCES
from sqlalchemy import text

from kyros_api.auth.passwords import PasswordVerifier, password_problem
from kyros_api.cli import main
from kyros_api.metadata import HEAD
from kyros_api.metadata.engine import open_engine
from kyros_api.modelling.tables import ROW_GROUP, rows_read
from kyros_api.seeding import demo
from kyros_api.seeding import seed as seeding
from kyros_api.seeding.development import make_missing_secrets
from kyros_api.seeding.errors import SeedError
from kyros_api.seeding.passwords import set_missing_passwords
from kyros_api.seeding.seed import STEPS, seed
from kyros_api.seeding.status import read_status
from kyros_api.settings import StorageSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from database_stage import Databases
    from sqlalchemy import Connection

pytestmark = pytest.mark.databases


@pytest.fixture
def settings(databases: Databases, tmp_path: Path) -> StorageSettings:
    """Return settings for a data folder that holds the sources and nothing else."""
    shutil.copytree(SOURCES, tmp_path / "source")
    database = databases.empty(tmp_path / "tenant_metadata.db")
    return StorageSettings.model_validate({**database.settings, "data_dir": tmp_path})


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
    seeded = seed(settings, steps.append)
    assert STEPS == len(steps)
    assert [69659, 1000, 6000] == [line.rows for line in seeded.lines]
    assert (True, True, 2, False, (), HEAD) == read_status(settings.database, settings.data_dir)


def test_again_changes_no_data_and_keeps_what_is_there(settings: StorageSettings) -> None:
    """A second seeding leaves the same data, and what others have added to the metadata."""
    seed(settings, quietly)
    before = fingerprint(settings.data_dir / "tenants")
    engine = open_engine(settings.database)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO tenants VALUES ('t', 'Own', 'own', TRUE, '{}', '2026-01-01 00:00:00')"
            )
        )
        connection.execute(text("UPDATE tenants SET name = 'Wrong' WHERE slug = 'acme-corp'"))
    seed(settings, quietly)
    with engine.connect() as connection:
        names = connection.execute(text("SELECT name FROM tenants ORDER BY name")).scalars().all()
    engine.dispose()
    assert ["Acme Corporation", "Beta Industries", "Own"] == list(names)
    assert before == fingerprint(settings.data_dir / "tenants")


def test_rows_are_those_read(tmp_path: Path) -> None:
    """How many rows came in is known of a version that does not keep its input."""
    with duckdb.connect(":memory:") as database:
        database.sql("SELECT 69659::BIGINT AS rows").write_parquet(
            str(tmp_path / "dataset.parquet")
        )

    assert 69_659 == rows_read(tmp_path)


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
    assert not read_status(settings.database, settings.data_dir).migrated
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
    """Seeding again mends a table that was damaged; only what tells the time differs."""
    seed(settings, quietly)
    before = fingerprint(settings.data_dir / "tenants")
    table = next(settings.data_dir.glob("tenants/*/*/*/customers.parquet"))
    table.write_bytes(b"damaged")
    seed(settings, quietly)
    after = fingerprint(settings.data_dir / "tenants")
    assert before.keys() == after.keys()
    differing = {name for name in before if before[name] != after[name]}
    assert {"dataset.parquet", "model_card.parquet"} >= {Path(name).name for name in differing}


@pytest.mark.sqlite
def test_garbage_database_is_refused(settings: StorageSettings) -> None:
    """A file that is no database is left alone, and said."""
    settings.database_path.write_text("not a database at all, but long enough" * 50)
    with pytest.raises(SeedError, match="not a database of Kyros"):
        seed(settings, quietly)
    assert settings.database_path.read_text().startswith("not a database")


def test_one_at_a_time(settings: StorageSettings) -> None:
    """A second seeding is refused while one runs."""

    def nested(_step: str) -> None:
        with pytest.raises(SeedError, match="Another seeding or erasure is running"):
            seed(settings, quietly)

    seed(settings, nested)


def hashes(settings: StorageSettings) -> dict[str, str | None]:
    """Return what is kept of each user's password."""
    engine = open_engine(settings.database)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT email, password_hash FROM users")).all()
    engine.dispose()
    return {row.email: row.password_hash for row in rows}


async def test_passwords(settings: StorageSettings) -> None:
    """Each demo user gets a good password of their own, of which nothing but the hash is kept."""
    passwords = seed(settings, quietly, with_passwords=True).passwords
    assert {user.email for user in demo.USERS} == set(passwords)
    assert 3 == len(set(passwords.values()))
    kept = hashes(settings)
    for email, password in passwords.items():
        assert password_problem(password, email) is None
        assert (await PasswordVerifier().verify(password, kept[email])).correct
    everything = b"".join(path.read_bytes() for path in settings.data_dir.glob("*.db*"))
    assert not [word for word in passwords.values() if word.encode() in everything]


def test_passwords_only_where_there_are_none(settings: StorageSettings) -> None:
    """Seeding again keeps the passwords that are there, and gives the others one."""
    assert {} == seed(settings, quietly).passwords
    assert {None} == set(hashes(settings).values())
    assert 3 == len(seed(settings, quietly, with_passwords=True).passwords)
    first = hashes(settings)
    assert {} == seed(settings, quietly, with_passwords=True).passwords
    assert first == hashes(settings)
    engine = open_engine(settings.database)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE users SET password_hash = NULL WHERE email = 'admin@acme.com'")
        )
        connection.execute(
            text(
                "INSERT INTO users VALUES ('u', 'own@acme.com', TRUE, '2026-01-01 00:00:00', NULL)"
            )
        )
    engine.dispose()
    again = seed(settings, quietly, with_passwords=True).passwords
    second = hashes(settings)
    assert ["admin@acme.com"] == list(again)
    assert second["own@acme.com"] is None
    assert {"admin@acme.com", "own@acme.com"} == {
        email for email, kept in second.items() if kept != first.get(email, "")
    }


def test_passwords_are_set_with_all_the_rest(
    settings: StorageSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the last step fails, nobody has another password than before."""
    seed(settings, quietly)

    def set_then_fail(connection: Connection) -> Mapping[str, str]:
        assert 3 == len(set_missing_passwords(connection))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(seeding, "set_missing_passwords", set_then_fail)
    with pytest.raises(SeedError, match="what was there is unchanged"):
        seed(settings, quietly, with_passwords=True)
    assert {None} == set(hashes(settings).values())


class TestCommand:
    """What ``kyros-api seed`` prints."""

    def run(
        self, settings: StorageSettings, monkeypatch: pytest.MonkeyPatch, *options: str
    ) -> None:
        """Run it."""
        monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
        if settings.database_url:
            monkeypatch.setenv("DATABASE_URL", settings.database_url.get_secret_value())
        monkeypatch.setenv("DATABASE_PATH", str(settings.database_path))
        monkeypatch.setenv("COLUMNS", "80")
        main(["seed", *options])

    async def test_shown_once(
        self,
        settings: StorageSettings,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """The passwords are printed with how to set others; a second run prints none."""
        self.run(settings, monkeypatch)
        first = capsys.readouterr().out
        shown = dict(re.findall(r"(\S+@\S+) +(\w{5}-\w{5}-\w{5}-\w{5})", first))
        for email, kept in hashes(settings).items():
            assert (await PasswordVerifier().verify(shown[email], kept)).correct
        assert (
            "These passwords are not shown again; "
            "set another with: nox -s admin -- user set-password EMAIL\n"
        ) in first
        self.run(settings, monkeypatch)
        assert "assword" not in capsys.readouterr().out

    def test_not_wanted(
        self,
        settings: StorageSettings,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """With --no-passwords none is set and none is shown."""
        self.run(settings, monkeypatch, "--no-passwords")
        assert "assword" not in capsys.readouterr().out
        assert {None} == set(hashes(settings).values())


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


def test_rows_are_read_in_small_groups(seeded: Path) -> None:
    """What one reads of a wide table at once must fit, or a download of all of it does not."""
    with duckdb.connect() as database:
        largest = database.execute(
            "SELECT max(row_group_num_rows) FROM parquet_metadata($files)",
            {"files": str(seeded / "tenants/*/*/*/*.parquet")},
        ).fetchall()
    assert largest == [(ROW_GROUP,)]
