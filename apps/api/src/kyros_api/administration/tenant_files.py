"""A tenant's folder as a whole: what is in it, and its removal."""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import TYPE_CHECKING, NamedTuple

from kyros_api.administration.errors import EnvironmentFaultError
from kyros_api.storage.durable import flush

if TYPE_CHECKING:
    from pathlib import Path


class Inventory(NamedTuple):
    """What lies in a folder.

    Attributes:
        files: how many.
        bytes: their sizes, summed.
        sha256: of the list of them, one line each: size, two blanks, path in the folder.
    """

    files: int
    bytes: int
    sha256: str


def versions(folder: Path) -> list[str]:
    """Return the complete versions of data below the folder of a tenant's dashboard."""
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def take_inventory(folder: Path) -> Inventory:
    """List what is in a tenant's folder, and make sure that all of it could be removed.

    A folder that is not there is an empty one: a tenant need not have data.

    Raises:
        EnvironmentFaultError: something in it could not be removed; said before anything is.
    """
    if folder.is_symlink():
        raise EnvironmentFaultError(
            f"{folder} is a link, which is not followed; move what it points to in its place."
        )
    lines = []
    total = 0
    if folder.exists():
        _refuse_unwritable(folder.parent)
    for place, _, files in os.walk(folder, onerror=_refuse):
        _refuse_unwritable(place)
        for name in files:
            path = os.path.join(place, name)  # noqa: PTH118 - as os.walk gives them
            size = os.lstat(path).st_size
            total += size
            lines.append(f"{size}  {os.path.relpath(path, folder)}\n")
    listed = "".join(sorted(lines, key=lambda line: line.partition("  ")[2]))
    return Inventory(len(lines), total, hashlib.sha256(os.fsencode(listed)).hexdigest())


def remove(folder: Path) -> None:
    """Remove a tenant's folder, for good: the disk is told before this returns.

    Who is reading one of its files keeps it until they close it.

    Raises:
        EnvironmentFaultError: not all of it could be removed.
    """
    try:
        if folder.is_dir():
            shutil.rmtree(folder)
            flush(folder.parent)
    except OSError as error:
        raise EnvironmentFaultError(
            f"{error.filename or folder} could not be removed ({error.strerror}); "
            "mend that and repeat the command with the tenant's id."
        ) from error


def _refuse_unwritable(folder: str | Path) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        raise EnvironmentFaultError(
            f"{folder} cannot be written; make it yours with: sudo chown -R $(id -u) {folder}"
        )


def _refuse(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise EnvironmentFaultError(
            f"{error.filename} cannot be read ({error.strerror}); mend the permissions and repeat."
        ) from error
