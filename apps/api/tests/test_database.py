"""The metadata as requests use it: quick reads that see what is committed, and no surprises."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
import time
from typing import TYPE_CHECKING

import pytest
from api_stage import ACME, BETA
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError

from kyros_api.auth.queries import find_membership
from kyros_api.metadata.database import Metadata, open_metadata
from kyros_api.metadata.location import SqliteFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from database_stage import Databases

ADMIN = "d2b6c8e3-4f5a-4b7c-9d0e-1f2a3b4c5d6e"


@pytest.fixture
def path(seeded: Path, tmp_path: Path) -> Path:
    """Return a copy of a seeded database."""
    copy = tmp_path / "metadata.db"
    shutil.copy(seeded / "tenant_metadata.db", copy)
    return copy


@pytest.fixture
def metadata(path: Path) -> Iterator[Metadata]:
    """Open it."""
    metadata = open_metadata(SqliteFile(path))
    yield metadata
    metadata.close()


def count_users(connection: Connection) -> int:
    """Count the users."""
    return int(connection.execute(text("SELECT count(*) FROM users")).scalar_one())


def delete_users(connection: Connection) -> None:
    """Change something, where that is possible."""
    connection.execute(text("DELETE FROM users"))


async def test_reads_see_each_commit(metadata: Metadata) -> None:
    """A read sees what was committed just before, also by the same connection as ever."""
    assert 3 == await metadata.read(count_users)
    await metadata.write(delete_users)
    assert 0 == await metadata.read(count_users)
    assert 0 == await metadata.scan(count_users)


async def test_reads_cannot_write(metadata: Metadata) -> None:
    """A read that tries to change something is refused by the database."""
    for read in (metadata.read, metadata.scan):
        with pytest.raises(OperationalError, match="readonly"):
            await read(delete_users)
    assert 3 == await metadata.read(count_users)


async def test_a_failed_write_leaves_nothing(metadata: Metadata) -> None:
    """All of a write or nothing of it."""

    def change(connection: Connection) -> None:
        delete_users(connection)
        raise RuntimeError("half-way")

    with pytest.raises(RuntimeError):
        await metadata.write(change)
    assert 3 == await metadata.read(count_users)


async def test_a_writer_keeps_no_reader_waiting(metadata: Metadata, path: Path) -> None:
    """While somebody else writes, reads go on with what was committed before."""
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    writer.execute("DELETE FROM users")
    began = time.monotonic()
    assert 3 == await metadata.read(count_users)
    assert time.monotonic() - began < 1
    writer.execute("ROLLBACK")
    writer.close()


async def test_a_locked_file_holds_up_one_request_not_the_loop(
    metadata: Metadata, path: Path
) -> None:
    """Where a read has to wait it does so in a thread: the event loop goes on."""
    owner = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    owner.execute("PRAGMA locking_mode = EXCLUSIVE")
    owner.execute("PRAGMA journal_mode = DELETE")
    owner.execute("BEGIN EXCLUSIVE")

    def release() -> None:
        owner.execute("COMMIT")
        owner.close()

    timer = threading.Timer(0.5, release)
    timer.start()
    reading = asyncio.create_task(metadata.read(count_users))
    began = time.monotonic()
    await asyncio.sleep(0.01)
    assert time.monotonic() - began < 0.3
    assert 3 == await reading
    timer.join()


async def test_a_file_that_was_replaced(
    metadata: Metadata, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A restored file is found within a second, without a restart."""
    assert 3 == await metadata.read(count_users)
    other = path.with_name("other.db")
    shutil.copy(path, other)
    with sqlite3.connect(other) as connection:
        connection.execute("DELETE FROM users")
    connection.close()
    other.replace(path)
    later = time.monotonic() + 1.1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert 0 == await metadata.read(count_users)


async def test_no_file(tmp_path: Path) -> None:
    """A missing file is an error, not an empty database, and is found when it comes."""
    missing = open_metadata(SqliteFile(tmp_path / "missing.db"))
    with pytest.raises(OperationalError):
        await missing.read(count_users)
    assert not (tmp_path / "missing.db").exists()
    missing.close()


class TestPrepared:
    """Prepared SELECTs give what SQLAlchemy would."""

    async def test_found(self, metadata: Metadata) -> None:
        """Values are bound by name, each to its place."""
        for tenant_id in (ACME, BETA):
            found = await metadata.read(find_membership, ADMIN, tenant_id)
            assert (ADMIN, "admin@acme.com", "admin") == found

    async def test_nothing_found(self, metadata: Metadata) -> None:
        """No row is None, also for a value that is SQL."""
        for tenant_id in ("", "' OR 1=1 --", ADMIN):
            assert await metadata.read(find_membership, ADMIN, tenant_id) is None

    async def test_errors_are_sqlalchemys(self, tmp_path: Path) -> None:
        """What goes wrong is said as for any other statement."""
        empty = tmp_path / "empty.db"
        empty.touch()
        metadata = open_metadata(SqliteFile(empty))
        with pytest.raises(OperationalError, match="no such table"):
            await metadata.read(find_membership, ADMIN, ACME)
        metadata.close()


@pytest.mark.databases
class TestEither:
    """What holds for the metadata wherever they are."""

    @pytest.fixture
    def own(self, databases: Databases, tmp_path: Path) -> Iterator[Metadata]:
        """Open a copy of a seeded database."""
        metadata = open_metadata(databases.seeded(tmp_path / "metadata.db").location)
        yield metadata
        metadata.close()

    async def test_reads_see_each_commit(self, own: Metadata) -> None:
        """A read sees what was committed just before, and can change nothing."""
        assert 3 == await own.read(count_users)
        for read in (own.read, own.scan):
            with pytest.raises(DBAPIError, match=r"read-?only"):
                await read(delete_users)
        await own.write(delete_users)
        assert (0, 0) == (await own.read(count_users), await own.scan(count_users))

    async def test_prepared(self, own: Metadata) -> None:
        """Values are bound by name; what is SQL, or has a NUL, is a value and finds nothing."""
        found = await own.read(find_membership, ADMIN, ACME)
        assert (ADMIN, "admin@acme.com", "admin") == found
        for tenant_id in ("", "' OR 1=1 --", ADMIN, f"{ACME}\0", "\0"):
            assert await own.read(find_membership, ADMIN, tenant_id) is None

    async def test_connections_that_were_cut(self, own: Metadata) -> None:
        """A server that was restarted is asked again, by reads and by writes, without an error."""
        assert 3 == await own.read(count_users)
        await own.write(count_users)
        if own.engine.dialect.name == "postgresql":
            await own.write(_cut_others)
        assert 3 == await own.read(count_users)
        assert 3 == await own.write(count_users)


def _cut_others(connection: Connection) -> None:
    connection.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    )
