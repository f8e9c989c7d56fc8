"""Files that are there wholly or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a file, in one step for whoever reads it.

    A write that is cut off leaves the file of before, and nobody whom ``mode`` shuts out gets to
    read a part of the new one.

    Raises:
        OSError: it cannot be written; nothing has changed.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    try:
        draft.touch(mode=0o600)
        draft.write_text(text, encoding="utf-8")
        draft.chmod(mode)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
