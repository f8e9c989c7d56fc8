"""A tenant's logo: a small picture, kept as text in the tenant's configuration."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from kyros_api.administration import names
from kyros_api.administration.errors import AdministrationError

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 8 * 1024
_LARGEST_TEXT = "8 kB"
_WEBP = (b"RIFF", b"WEBP")


def read_logo(file: Path) -> str:
    """Return the picture in a file as a ``data:`` URL.

    Pictures alone, by what is in the file: a document, such as SVG, could hold a script.

    Raises:
        AdministrationError: it cannot be read, is too big, or is no such picture.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise AdministrationError(
            f"{names.show(str(file))} cannot be read: {reason}; name another file."
        ) from error
    if len(content) > LARGEST:
        raise AdministrationError(
            f"{names.show(str(file))} has more than {_LARGEST_TEXT}; make it smaller: 96 pixels "
            "across suffice."
        )
    kind = _kind_of(content)
    if kind is None:
        raise AdministrationError(
            f"{names.show(str(file))} is no picture; give a PNG, a JPEG or a WebP."
        )
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _kind_of(content: bytes) -> str | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    return "webp" if (content[:4], content[8:12]) == _WEBP else None
