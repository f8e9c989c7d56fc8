"""A file that a command writes: complete under its name, or not there."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kyros_api.administration.errors import AdministrationError, EnvironmentFaultError

if TYPE_CHECKING:
    from collections.abc import Iterator


def refuse_file(file: Path, *, force: bool) -> None:
    """Make sure that a file can be given this name.

    Raises:
        AdministrationError: it cannot, or is there already and may not be replaced.
    """
    if file.is_dir():
        raise AdministrationError(f"{file} is a folder; name a file in it, such as tenant.zip.")
    if not file.parent.is_dir():
        raise AdministrationError(f"There is no folder {file.parent}; make it or name another.")
    if file.exists() and not force:
        raise AdministrationError(f"{file} is there already; add --force to replace it.")


@contextmanager
def aside(file: Path) -> Iterator[Path]:
    """Give a file beside ``file`` that only its owner reads, and that is gone if not renamed."""
    part = None
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        os.close(descriptor)
        part = Path(name)
        yield part
    except OSError as error:
        raise EnvironmentFaultError(
            f"{file} could not be written ({error.strerror}); free the disk, mend the permissions "
            "or name another file."
        ) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
