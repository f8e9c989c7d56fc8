"""Production's secrets: files in secrets/, which Compose mounts where they are needed.

The folder lets nobody in but its owner. The files can be read by all, because each container
that gets one runs as another user, and sees that one file only.
"""

from __future__ import annotations

import secrets
import stat
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scripts.support import files
from scripts.support.project import ROOT
from scripts.support.terminal import Problem

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ROOT / "secrets"
KEYS = ("jwt_secret_key", "session_secret_key")
# No rotation touches it: the server has to be told of a new one (docs/postgresql.md).
DATABASE_PASSWORD = "postgres_password"  # noqa: S105 - a file's name
_PREVIOUS = "{}_previous".format


def make(folder: Path = FOLDER) -> list[str]:
    """Make what is missing; return the names of the secrets that were made."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        made = [key for key in (*KEYS, DATABASE_PASSWORD) if not (folder / key).exists()]
        for key in made:
            _write(folder / key, secrets.token_hex(32))
        for previous in map(_PREVIOUS, KEYS):
            if not (folder / previous).exists():
                _write(folder / previous, "")
    except OSError as error:
        raise _unwritable(error) from None
    return made


def rotate(lifetime: int, folder: Path = FOLDER) -> None:
    """Make new keys, and keep those until now for what they have signed and sealed.

    Args:
        lifetime: for how many seconds a session is good.
        folder: of the files.

    Raises:
        Problem: sessions of the keys before those until now may still be open, or a key is missing.
    """
    missing = [key for key in KEYS if not (folder / key).exists()]
    if missing:
        raise Problem(f"secrets/{missing[0]} is missing; make it with nox -s secrets.")
    wait = max(_rotated(folder, key) for key in KEYS) + lifetime - time.time()
    if wait > 0:
        raise Problem(
            f"The keys were rotated less than a session's length ago, so people would be signed "
            f"out; repeat this in {int(wait // 60) + 1} minutes, or sign everybody out with "
            "--revoke."
        )
    _replace(folder, keep=True)


def revoke(folder: Path = FOLDER) -> None:
    """Make new keys and forget all before: everybody is signed out."""
    make(folder)
    _replace(folder, keep=False)


def made_at(folder: Path = FOLDER) -> str:
    """Return when the newest of the files was written; nothing where there is none."""
    try:
        newest = max(path.stat().st_mtime for path in folder.iterdir())
    except (OSError, ValueError):
        return ""
    return datetime.fromtimestamp(newest, UTC).isoformat(timespec="milliseconds")


def is_private(folder: Path = FOLDER) -> bool:
    """Whether the folder lets in its owner alone."""
    return not stat.S_IMODE(folder.stat().st_mode) & 0o077


def _rotated(folder: Path, key: str) -> float:
    """Return when a key was last rotated; 0 when it never was."""
    previous = folder / _PREVIOUS(key)
    return previous.stat().st_mtime if previous.exists() and previous.stat().st_size else 0


def _replace(folder: Path, *, keep: bool) -> None:
    try:
        for key in KEYS:
            # In this order: whatever ends it in between, no key that was in use is lost.
            current = (folder / key).read_text(encoding="utf-8").strip()
            _write(folder / _PREVIOUS(key), current if keep else "")
            _write(folder / key, secrets.token_hex(32))
    except OSError as error:
        raise _unwritable(error) from None


def _write(path: Path, text: str) -> None:
    files.write(path, f"{text}\n" if text else "", mode=0o444)


def _unwritable(error: OSError) -> Problem:
    return Problem(
        f"secrets/ cannot be written ({error.strerror}); run this as the user it belongs to."
    )
