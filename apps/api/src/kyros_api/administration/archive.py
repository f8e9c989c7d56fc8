"""The zip of an export, which knows what it holds."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any

from kyros_api.administration.recording import operator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kyros_api.administration.tenants import Tenant

    Report = Callable[[int, int], None]

FORMAT_VERSION = 1
_PIECE = 1 << 20  # bytes copied at once


class Archive:
    """A zip that keeps the list of what was put into it.

    Attributes:
        listed: path, size in bytes and checksum of each file, as the manifest has them.
    """

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zipped = zipped
        self.listed: list[dict[str, Any]] = []

    def add_json(self, name: str, value: object) -> None:
        """Add a value as JSON that a person can read."""
        text = json.dumps(value, indent=2, ensure_ascii=False, default=_text)
        self._add(name, [text.encode(), b"\n"])

    def add_lines(self, name: str, values: Iterable[object]) -> None:
        """Add values as one line of JSON each, however many there are."""
        self._add(name, (json.dumps(value).encode() + b"\n" for value in values))

    def add_files(self, files: Sequence[tuple[str, IO[bytes]]], report: Report) -> None:
        """Add open files a piece at a time, in the order given."""
        total = sum(os.fstat(file.fileno()).st_size for _, file in files)
        done = 0
        report(done, total)

        def pieces(file: IO[bytes]) -> Iterator[bytes]:
            nonlocal done
            while piece := file.read(_PIECE):
                yield piece
                done += len(piece)
                report(done, total)

        for name, file in files:
            # Parquet is compressed in itself.
            self._add(name, pieces(file), zipfile.ZIP_STORED)

    def add_manifest(self, tenant: Tenant, at: datetime) -> None:
        """Add what the zip is, and the list of what it holds."""
        manifest = {
            "format": "kyros-tenant-export",
            "format_version": FORMAT_VERSION,
            "tenant": {"id": tenant.id, "slug": tenant.slug, "name": tenant.name},
            "exported_at": at,
            "exported_by": operator(),
            "files": list(self.listed),
        }
        self.add_json("manifest.json", manifest)

    def _add(
        self, name: str, pieces: Iterable[bytes], compression: int = zipfile.ZIP_DEFLATED
    ) -> None:
        entry = zipfile.ZipInfo(name, datetime.now(UTC).timetuple()[:6])
        entry.compress_type = compression
        entry.external_attr = 0o600 << 16
        digest = hashlib.sha256()
        size = 0
        with self._zipped.open(entry, "w", force_zip64=True) as member:
            for piece in pieces:
                digest.update(piece)
                size += member.write(piece)
        self.listed.append({"path": name, "bytes": size, "sha256": digest.hexdigest()})


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in an export")
