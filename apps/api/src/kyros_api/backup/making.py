"""Making a backup while everything runs: of one moment, complete or not at all."""

from __future__ import annotations

import os
import resource
import sqlite3
import tempfile
import zipfile
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kyros_api.administration.archive import Archive
from kyros_api.administration.database import faults_in_a_sentence
from kyros_api.administration.errors import EnvironmentFaultError
from kyros_api.administration.output import aside, refuse_file
from kyros_api.administration.recording import operator
from kyros_api.backup.contents import MANIFEST, METADATA, manifest_of, sqlite_file, unpack
from kyros_api.metadata.location import SqliteFile
from kyros_api.seeding.status import read_versions
from kyros_api.storage.durable import flush

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from kyros_api.backup.contents import Report
    from kyros_api.settings import StorageSettings

    Files = list[tuple[str, IO[bytes]]]

_ATTEMPTS = 20
_ANSWER = 5.0  # seconds that a locked database is waited for


class BackedUp(NamedTuple):
    """What a backup holds."""

    files: int
    bytes: int


def back_up(
    settings: StorageSettings, file: Path, report: Report, *, force: bool = False
) -> BackedUp:
    """Write a backup of everything, and read it back before it gets its name.

    Nobody has to wait for it. Which data count is read from a copy of the metadata of one moment;
    the data files are opened right after it. Their versions never change, and an open file stays
    whole whatever becomes of its name; should one be gone already, the moment is taken anew.

    Args:
        settings: where metadata and data lie.
        file: the zip.
        report: told how many bytes are written, and how many there are.
        force: replace a file that is there.

    Raises:
        AdministrationError: the file cannot be that one.
        EnvironmentFaultError: it could not be written, or something is missing or damaged.
    """
    database = sqlite_file(settings)
    refuse_file(file, force=force)
    with aside(file) as part, tempfile.TemporaryDirectory(prefix=".", dir=file.parent) as place:
        with part.open("wb") as opened, ExitStack() as held:
            at, files = _hold_one_moment(settings, database, Path(place), held)
            revision = _revision(Path(place) / METADATA, database)
            with zipfile.ZipFile(opened, "w") as zipped:
                archive = Archive(zipped)
                archive.add_files(files, report)
                listed = list(archive.listed)
                archive.add_json(MANIFEST, manifest_of(listed, at, operator(), revision))
            opened.flush()
            os.fsync(opened.fileno())
        unpack(part, Path(tempfile.mkdtemp(dir=place)), lambda _done, _total: None)
        refuse_file(file, force=force)
        size = part.stat().st_size
        part.replace(file)
        flush(file.parent)
    return BackedUp(len(listed), size)


def _hold_one_moment(
    settings: StorageSettings, database: SqliteFile, place: Path, held: ExitStack
) -> tuple[datetime, Files]:
    """Copy the metadata and open all that belongs to them."""
    _allow_many_files()
    missing = ""
    for _ in range(_ATTEMPTS):
        with ExitStack() as opened:
            audit = dict(_open_audit(settings, opened))
            at = datetime.now(UTC)
            _copy_metadata(database, place / METADATA)
            try:
                files = [
                    (METADATA, opened.enter_context((place / METADATA).open("rb"))),
                    *_open_data(settings, place / METADATA, opened),
                    *_open_receipts(settings, opened),
                ]
            except FileNotFoundError as error:
                missing = str(error.filename)
                continue
            # Those that were begun meanwhile too: an event is in the copy or in one of them.
            audit = dict(_open_audit(settings, opened)) | audit
            held.push(opened.pop_all())
            return at, [*files, *audit.items()]
    raise EnvironmentFaultError(
        f"{missing} is missing, which the metadata refer to; restore it from an older backup, "
        "or seed or ingest the data again."
    )


def _copy_metadata(database: SqliteFile, to: Path) -> None:
    """Copy a database in use by SQLite's online backup: of one moment, while others write."""
    to.unlink(missing_ok=True)
    with (
        faults_in_a_sentence(database),
        closing(sqlite3.connect(database.path, timeout=_ANSWER)) as source,
        closing(sqlite3.connect(to)) as target,
    ):
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")


def _revision(metadata: Path, database: SqliteFile) -> str:
    """Return the schema of the copy, once it is known to be whole."""
    with faults_in_a_sentence(database), closing(sqlite3.connect(metadata)) as connection:
        (said,) = connection.execute("PRAGMA quick_check").fetchone()
        if said != "ok":
            raise EnvironmentFaultError(
                f"{database} is damaged ({said}); nothing was backed up: restore it from a backup."
            )
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(revision)


def _open_data(
    settings: StorageSettings, metadata: Path, opened: ExitStack
) -> Iterator[tuple[str, IO[bytes]]]:
    for (tenant_id, slug), (current, before) in sorted(read_versions(SqliteFile(metadata)).items()):
        folder = Path("tenants") / tenant_id / slug
        for version in filter(None, (current, before)):
            place = settings.data_dir / folder / version
            if version == before and not place.is_dir():
                continue  # one can go on without it, so nobody misses it
            for path in sorted(place.iterdir()):
                name = str(folder / version / path.name)
                yield name, opened.enter_context(path.open("rb"))


def _open_audit(settings: StorageSettings, opened: ExitStack) -> Iterator[tuple[str, IO[bytes]]]:
    for path in sorted((settings.data_dir / "audit").glob("*.jsonl")):
        try:
            yield f"audit/{path.name}", opened.enter_context(path.open("rb"))
        except FileNotFoundError:
            continue  # all of it is in the database by now


def _open_receipts(settings: StorageSettings, opened: ExitStack) -> Iterator[tuple[str, IO[bytes]]]:
    for path in sorted((settings.data_dir / "receipts").glob("[!.]*.json")):
        yield f"receipts/{path.name}", opened.enter_context(path.open("rb"))


def _allow_many_files() -> None:
    """Let this process open as many files as the system lets it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
