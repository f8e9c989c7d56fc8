"""What belongs to the repository: nothing that a machine made for itself."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def source_files(folder: Path) -> list[str]:
    """Return what git knows below a folder, or would add, by path from there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
        cwd=folder,
    ).stdout.split("\0")
    # One that is deleted is listed until that is committed.
    return [name for name in listed if name and (folder / name).is_file()]
