"""Making a backup while everything runs: of one moment, complete or not at all."""

from __future__ import annotations

import os
import resource
import tempfile
import zipfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kyros_api.administration.archive import Archive
from kyros_api.administration.errors import EnvironmentFaultError
from kyros_api.administration.output import aside, refuse_file
from kyros_api.administration.recording import operator
from kyros_api.backup.contents import MANIFEST, METADATA, manifest_of, unpack
from kyros_api.backup.moment import hold_moment
from kyros_api.storage.durable import flush

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import IO

    from kyros_api.backup.contents import Report
    from kyros_api.settings import StorageSettings

    Files = list[tuple[str, IO[bytes]]]
    Versions = Mapping[tuple[str, str], tuple[str | None, str | None]]

_ATTEMPTS = 20


class BackedUp(NamedTuple):
    """What a backup holds."""

    files: int
    bytes: int


def back_up(
    settings: StorageSettings, file: Path, report: Report, *, force: bool = False
) -> BackedUp:
    """Write a backup of everything, and read it back before it gets its name.

    Nobody has to wait for it. Which data count is read from the metadata of one moment; the data
    files are opened right after it. Their versions never change, and an open file stays
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
    refuse_file(file, force=force)
    with aside(file) as part, tempfile.TemporaryDirectory(prefix=".", dir=file.parent) as place:
        with part.open("wb") as opened, ExitStack() as held:
            metadata = Path(place) / METADATA
            at, revision, files = _hold_one_moment(settings, metadata, report, held)
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
    settings: StorageSettings, metadata: Path, report: Report, held: ExitStack
) -> tuple[datetime, str, Files]:
    """Copy the metadata and open all that belongs to them; return moment, schema and files."""
    _allow_many_files()
    missing = ""
    for _ in range(_ATTEMPTS):
        with ExitStack() as opened:
            audit = dict(_open_audit(settings, opened))
            at = datetime.now(UTC)
            with hold_moment(settings.database, metadata, report) as moment:
                try:
                    files = [
                        *_open_data(settings, moment.versions, opened),
                        *_open_receipts(settings, opened),
                    ]
                except FileNotFoundError as error:
                    missing = str(error.filename)
                    continue
                # Those that were begun meanwhile too: an event is in the copy or in one of them.
                audit = dict(_open_audit(settings, opened)) | audit
                revision = moment.write()
            copy = opened.enter_context(metadata.open("rb"))
            held.push(opened.pop_all())
            return at, revision, [(METADATA, copy), *files, *audit.items()]
    raise EnvironmentFaultError(
        f"{missing} is missing, which the metadata refer to; restore it from an older backup, "
        "or seed or ingest the data again."
    )


def _open_data(
    settings: StorageSettings, versions: Versions, opened: ExitStack
) -> Iterator[tuple[str, IO[bytes]]]:
    for (tenant_id, slug), (current, before) in sorted(versions.items()):
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
