"""JSON as text that every database can read."""

from __future__ import annotations

import re

# An even number of backslashes before it are characters of their own.
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def without_nul(text: str) -> str:
    r"""Put U+FFFD for NUL, which PostgreSQL takes as ``\u0000`` and then cannot read."""
    return _NUL.sub(r"\1\\ufffd", text)
