"""What a backup holds: a zip of the metadata, the tenants' data, and a manifest with checksums.

====================================  =======================================================
``metadata.db``                       the metadata, as SQLite, as they were at one moment
``tenants/<id>/<slug>/<version>/…``   the versions of data that the database refers to
``audit/<name>.jsonl``                events that were not in the database's log yet
``receipts/<name>.json``              of the erasures of tenants
``manifest.json``                     what it is, and size and SHA-256 of each file above
====================================  =======================================================

No secret is in it but the hashes of passwords.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from typing import TYPE_CHECKING, NamedTuple

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from kyros_api.administration.errors import EnvironmentFaultError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    Report = Callable[[int, int], None]

FORMAT, FORMAT_VERSION = "kyros-backup", 1
METADATA, MANIFEST = "metadata.db", "manifest.json"
_PART = r"[a-z0-9][a-z0-9-]{0,63}"
_PATH = re.compile(
    rf"metadata\.db|tenants/{_PART}/{_PART}/{_PART}/\w{{1,64}}\.parquet"
    r"|audit/[0-9a-f]{32}\.jsonl|receipts/[\w.-]{1,120}\.json"
)
_PIECE = 1 << 20  # bytes read at once


class Listed(BaseModel):
    """A file of a backup: its path, size in bytes, and checksum."""

    path: str = Field(pattern=rf"^(?:{_PATH.pattern})$")
    bytes: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(BaseModel):
    """What a backup says of itself.

    Attributes:
        created_at: the moment of the metadata.
        created_by: the account of the machine.
        schema_revision: of the metadata.
        files: all but the manifest.
    """

    format: str = Field(pattern=f"^{FORMAT}$")
    format_version: int
    created_at: AwareDatetime
    created_by: str
    schema_revision: str
    files: list[Listed]


class Unpacked(NamedTuple):
    """A backup whose files lie in a folder, each as its checksum says."""

    manifest: Manifest
    folder: Path


def unpack(file: Path, folder: Path, report: Report) -> Unpacked:
    """Put the files of a backup into a folder, each compared with its checksum on the way.

    Args:
        file: the backup.
        folder: an empty one.
        report: told how many bytes are unpacked, and how many there are.

    Raises:
        EnvironmentFaultError: it is none, is damaged, or the folder cannot be written.
    """
    try:
        with zipfile.ZipFile(file) as zipped:
            manifest = _read_manifest(zipped, file)
            total, done = sum(listed.bytes for listed in manifest.files), 0
            report(done, total)
            for listed in manifest.files:
                _unpack_one(zipped, listed, folder / listed.path)
                done += listed.bytes
                report(done, total)
    except (zipfile.BadZipFile, EOFError, KeyError, _DamagedError) as error:
        raise EnvironmentFaultError(
            f"{file} is damaged or is no backup of Kyros ({error.args[0]}); nothing was changed: "
            "take another backup."
        ) from error
    except OSError as error:
        named = error.filename or file
        raise EnvironmentFaultError(
            f"{named} cannot be used ({error.strerror}); nothing was changed: "
            "free the disk, mend the permissions or name another file."
        ) from error
    return Unpacked(manifest, folder)


class _DamagedError(Exception):
    pass


def _read_manifest(zipped: zipfile.ZipFile, file: Path) -> Manifest:
    said = json.loads(zipped.read(MANIFEST) or b"{}") if _has_manifest(zipped) else {}
    if said.get("format") == FORMAT and said.get("format_version", 0) > FORMAT_VERSION:
        raise EnvironmentFaultError(
            f"{file} was made by a newer version of Kyros; restore it with that version."
        )
    try:
        manifest = Manifest.model_validate(said)
    except ValidationError as error:
        raise _DamagedError("its manifest makes no sense") from error
    names = [listed.path for listed in manifest.files]
    if METADATA not in names or sorted([*names, MANIFEST]) != sorted(zipped.namelist()):
        raise _DamagedError("it holds other files than it lists")
    return manifest


def _has_manifest(zipped: zipfile.ZipFile) -> bool:
    if MANIFEST not in zipped.namelist():
        raise _DamagedError("it has no manifest")
    return True


def _unpack_one(zipped: zipfile.ZipFile, listed: Listed, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with zipped.open(listed.path) as member, to.open("xb") as written:
        while piece := member.read(_PIECE):
            digest.update(piece)
            size += written.write(piece)
    if size != listed.bytes or digest.hexdigest() != listed.sha256:
        raise _DamagedError(f"{listed.path} is not what it was")


def manifest_of(files: list[dict[str, object]], at: datetime, by: str, revision: str) -> object:
    """Return the manifest of files that were put into a zip, as it is written."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "created_at": at,
        "created_by": by,
        "schema_revision": revision,
        "files": files,
    }
