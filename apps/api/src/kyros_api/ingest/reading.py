"""How a file is to be read, as somebody said it on the command line."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kyros_api.administration.errors import AdministrationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_NAMED = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}


@dataclass(frozen=True)
class Reading:
    """A file, and what its own text does not say.

    Attributes:
        file: CSV or Parquet.
        columns: the file's name of a column, by ours.
        exclude: names in the file that are left out.
        encoding: of a CSV's text; None is what its first bytes say, else UTF-8.
        delimiter: between a CSV's fields; None is what fits its first lines.
        decimal: what a number's fraction begins with, ``.`` or ``,``, which lets the other of both
            group its thousands. None is a point, without groups.
        date_format: as strftime writes it; None is ISO 8601, with or without a time.
        missing: texts that say nothing, besides no text at all.
        true: texts that say yes, besides the usual ones.
        false: texts that say no.
        skip: problems that leave a row out instead of refusing the file, as ``column:rule``.
    """

    file: Path
    columns: Mapping[str, str] = field(default_factory=dict)
    exclude: Sequence[str] = ()
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    date_format: str | None = None
    missing: Sequence[str] = ()
    true: Sequence[str] = ()
    false: Sequence[str] = ()
    skip: Sequence[str] = ()


def check_file(file: Path) -> None:
    """Make sure that there is such a file.

    Raises:
        AdministrationError: there is none, or it is something else.
    """
    if file.is_dir():
        raise AdministrationError(f"{file} is a folder; name one CSV or Parquet file in it.")
    if not file.exists():
        raise AdministrationError(f"There is no file {file}; look for a typing error in its name.")
    if not file.is_file():
        raise AdministrationError(f"{file} is no regular file; copy what it gives into a file.")
    try:
        with file.open("rb"):
            pass
    except OSError as error:
        raise AdministrationError(
            f"{file} cannot be read ({error.strerror}); mend its permissions."
        ) from error


def parse_columns(given: Sequence[str]) -> dict[str, str]:
    """Return what ``--column OURS=THEIRS`` said.

    Raises:
        AdministrationError: one is of another form, or a column is named twice.
    """
    columns: dict[str, str] = {}
    for text in given:
        ours, equals, theirs = text.partition("=")
        if not (ours.strip() and equals and theirs.strip()):
            raise AdministrationError(
                f"--column {text!r} says nothing; write it like --column customer_id=CustID."
            )
        if ours.strip() in columns:
            raise AdministrationError(f"--column says twice which one {ours.strip()} is; say once.")
        columns[ours.strip()] = theirs.strip()
    return columns


def check_encoding(name: str | None) -> str | None:
    """Return an encoding of text.

    Raises:
        AdministrationError: Python knows none of this name.
    """
    if name is None:
        return None
    try:
        found = codecs.lookup(name)
        "".encode(name)
    except (LookupError, UnicodeError, ValueError) as error:
        raise AdministrationError(
            f"There is no encoding {name!r}; usual ones are utf-8, cp1252, latin-1 and utf-16."
        ) from error
    return found.name


def check_delimiter(text: str | None) -> str | None:
    """Return what stands between fields.

    Raises:
        AdministrationError: it is not one of the usual characters.
    """
    if text is None:
        return None
    found = _NAMED.get(text.lower(), text)
    if found not in DELIMITERS:
        raise AdministrationError(
            f"--delimiter {text!r} is none that is known; use one of , ; | or the word tab."
        )
    return found


def check_decimal(text: str | None) -> str | None:
    """Return what a number's fraction begins with.

    Raises:
        AdministrationError: it is neither a point nor a comma.
    """
    if text not in {None, ".", ","}:
        raise AdministrationError(f"--decimal {text!r} must be a point or a comma.")
    return text
