"""Restoring a backup: all of it is verified before anything that is there is replaced.

What is there stays as it was until one step puts the backup's metadata in place: a renaming of the
file, or the end of a transaction of the server. Versions of
data lie beside each other, so the backup's come first, and nobody refers to them yet. A process
that ends at any instant leaves the old state or the new one; restoring again completes it.
"""

from __future__ import annotations

import filecmp
import shutil
import sqlite3
import tempfile
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from kyros_api.administration.database import faults_in_a_sentence, one_moment
from kyros_api.administration.errors import EnvironmentFaultError
from kyros_api.administration.recording import record
from kyros_api.backup.contents import METADATA, unpack
from kyros_api.backup.placing import (
    cut_to_fit,
    is_something_there,
    place_in_file,
    place_on_server,
)
from kyros_api.metadata.engine import open_engine
from kyros_api.metadata.location import SqliteFile
from kyros_api.metadata.migrate import knows, upgrade
from kyros_api.metadata.tables import tenants
from kyros_api.seeding.status import read_versions
from kyros_api.storage.durable import flush
from kyros_api.storage.lock import nobody_else

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from kyros_api.backup.contents import Report, Unpacked
    from kyros_api.metadata.location import Location
    from kyros_api.settings import StorageSettings

_STAGING = ".restore-"
_REPLACED = ".replaced-"


class Restored(NamedTuple):
    """What is in place.

    Attributes:
        created_at: the moment of the backup.
        tenants: how many there are now.
        kept: the metadata that were there before, None when there were none.
        erased: slugs of tenants that were erased after the backup, and are there again.
    """

    created_at: datetime
    tenants: int
    kept: Path | None
    erased: list[str]


def check(settings: StorageSettings, file: Path, report: Report) -> datetime:
    """Verify a backup as for restoring it, and change nothing.

    Returns:
        the moment that it is of.

    Raises:
        EnvironmentFaultError: it cannot be restored; the message says why.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=_STAGING, dir=settings.data_dir) as place:
        return _verify(file, Path(place), report).manifest.created_at


def restore(settings: StorageSettings, file: Path, report: Report) -> Restored:
    """Put a backup in place of what is there.

    Args:
        settings: where metadata and data lie.
        file: the backup.
        report: told how many bytes are verified, and how many there are.

    Raises:
        EnvironmentFaultError: it cannot be restored, or somebody uses the data; nothing that is
            in use was changed.
    """
    database = settings.database
    is_something_there(database)  # a server that cannot be used is said before all the work
    with _alone(settings.data_dir):
        for left in settings.data_dir.glob(f"{_STAGING}*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=_STAGING, dir=settings.data_dir) as place:
            unpacked = _verify(file, Path(place), report)
            created_at = unpacked.manifest.created_at
            metadata = Path(place) / METADATA
            _bring_up_to_date(metadata, created_at)
            _place_data(Path(place), settings.data_dir)
            kept = _place_metadata(metadata, database, settings.data_dir, report)
            _clear_replaced(settings.data_dir)
    names = _tenants(database)
    return Restored(created_at, len(names), kept, _erased(settings.data_dir, created_at, names))


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(nobody_else(data_dir))
        except BlockingIOError as error:
            raise EnvironmentFaultError(
                "The platform runs on these data, or somebody is seeding or ingesting; "
                "stop it with: nox -s down, and restore then."
            ) from error
        except OSError as error:
            raise EnvironmentFaultError(
                f"{data_dir} cannot be written ({error.strerror}); "
                "make it yours with: sudo chown -R $(id -u) data"
            ) from error
        yield


def _verify(file: Path, place: Path, report: Report) -> Unpacked:
    unpacked = unpack(file, place, report)
    metadata = SqliteFile(place / METADATA)
    revision = unpacked.manifest.schema_revision
    if not knows(revision):
        raise EnvironmentFaultError(
            f"{file} has schema {revision}, which this version of Kyros does not know; "
            "restore it with the version that made it, or a newer one."
        )
    with faults_in_a_sentence(metadata), closing(sqlite3.connect(metadata.path)) as connection:
        (said,) = connection.execute("PRAGMA integrity_check").fetchone()
        orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    missing = [
        f"{tenant_id}/{slug}/{current}"
        for (tenant_id, slug), (current, _) in read_versions(metadata).items()
        if current and not (place / "tenants" / tenant_id / slug / current).is_dir()
    ]
    if said != "ok" or orphans or missing:
        what = f"without {missing[0]}" if missing else "its database is not whole"
        raise EnvironmentFaultError(
            f"{file} is damaged ({what}); nothing was changed: take another backup."
        )
    return unpacked


def _bring_up_to_date(metadata: Path, created_at: datetime) -> None:
    """Migrate the backup's metadata to this version, and write down that they were restored."""
    engine = open_engine(SqliteFile(metadata))
    try:
        with engine.begin() as connection:
            upgrade(connection)
            cut_to_fit(connection)
            record(connection, "backup.restore", created_at=created_at.isoformat())
    finally:
        engine.dispose()  # closing the last connection puts the write-ahead log into the file
    flush(metadata)


def _place_data(place: Path, data_dir: Path) -> None:
    """Put versions of data, audit events and receipts beside what is there."""
    for source in sorted(place.glob("tenants/*/*/*/")):
        target = data_dir / source.relative_to(place)
        if target.is_dir():
            if _is_same(source, target):
                continue
            target.rename(target.with_name(f"{_REPLACED}{target.name}"))
        _move(source, target)
    for source in sorted([*place.glob("audit/*"), *place.glob("receipts/*")]):
        target = data_dir / source.relative_to(place)
        if not target.exists():
            _move(source, target)


def _is_same(source: Path, target: Path) -> bool:
    names = sorted(path.name for path in source.iterdir())
    if names != sorted(path.name for path in target.iterdir()):
        return False
    return not any(filecmp.cmpfiles(source, target, names, shallow=False)[1:])


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    for path in source.iterdir() if source.is_dir() else [source]:
        flush(path)
    source.rename(target)
    flush(target.parent)


def _place_metadata(
    metadata: Path, database: Location, data_dir: Path, report: Report
) -> Path | None:
    """Let the backup's metadata count from now on; return where those from before are kept."""
    if isinstance(database, SqliteFile):
        return place_in_file(metadata, database)
    return place_on_server(metadata, database, data_dir, report)


def _clear_replaced(data_dir: Path) -> None:
    for folder in data_dir.glob(f"tenants/*/*/{_REPLACED}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _tenants(database: Location) -> dict[str, str]:
    with one_moment(database) as connection:
        return {row.id: row.slug for row in connection.execute(select(tenants))}


def _erased(data_dir: Path, created_at: datetime, there: dict[str, str]) -> list[str]:
    """Return the tenants whose erasure the backup does not know of."""
    moments = {
        path.name.rpartition("-")[0]: path.stem.rpartition("-")[2]
        for path in sorted((data_dir / "receipts").glob("[!.]*.json"))
    }
    since = f"{created_at:%Y%m%dT%H%M%S.%fZ}"
    return sorted(there[one] for one, moment in moments.items() if one in there and moment > since)
