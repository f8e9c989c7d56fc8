"""What operators may call things, and what they are told when there is no such thing."""

from __future__ import annotations

import difflib
import re
import uuid
from typing import TYPE_CHECKING

from kyros_api.administration.errors import AdministrationError

if TYPE_CHECKING:
    from collections.abc import Collection

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_COLOR = re.compile(r"#[0-9a-f]{6}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_LONGEST_NAME = 200
_LONGEST_EMAIL = 254
_NAMED_AT_MOST = 8


def show(given: str) -> str:
    """Quote what somebody typed, short and without control characters."""
    return repr(given if len(given) <= 64 else f"{given[:63]}…")  # noqa: PLR2004 - fits a line


def is_id(text: str) -> bool:
    """Say whether this is how ids are written."""
    return _UUID.fullmatch(text) is not None


def check_slug(text: str) -> str:
    """Return a slug that can stand in addresses and is taken for no id."""
    if is_id(text) or not _SLUG.fullmatch(text):
        raise AdministrationError(
            f"{show(text)} cannot be a slug; use up to 63 of a-z, 0-9 and - that begin and end "
            "with a letter or digit, such as acme-corp."
        )
    return text


def check_id(text: str) -> str:
    """Return an id in the one way of writing it."""
    if not is_id(text.lower()):
        raise AdministrationError(
            f"{show(text)} is not a UUID; leave --id out to get a new one, or write it like "
            f"{uuid.UUID(int=0)}."
        )
    return text.lower()


def check_name(text: str) -> str:
    """Return the name of a tenant without blanks around it."""
    name = text.strip()
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        raise AdministrationError(
            f"{show(text)} cannot be a name; use 1 to {_LONGEST_NAME} printable characters."
        )
    return name


def check_email(text: str) -> str:
    """Return an email in small letters, as sign-in compares it."""
    email = text.strip().lower()
    if len(email) > _LONGEST_EMAIL or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise AdministrationError(f"{show(text)} is not an email; write it like anna@example.com.")
    return email


def check_color(text: str) -> str:
    """Return a colour in small letters."""
    if not _COLOR.fullmatch(text.lower()):
        raise AdministrationError(f"{show(text)} is not a colour; write it like #0052cc.")
    return text.lower()


def check_currency(text: str) -> str:
    """Return the code of a currency."""
    if not _CURRENCY.fullmatch(text):
        raise AdministrationError(
            f"{show(text)} is not a currency; use its three letters of ISO 4217, such as EUR."
        )
    return text


def unknown(kind: str, given: str, known: Collection[str], remedy: str) -> AdministrationError:
    """Say that there is no such thing, and what there is.

    Args:
        kind: what was looked for, such as ``tenant``.
        given: what it was called.
        known: what there is; of many, those that are written much the same are named.
        remedy: the command that makes one.
    """
    if not known:
        return AdministrationError(f"There is no {kind} {show(given)}, nor any other; {remedy}.")
    if len(known) <= _NAMED_AT_MOST:
        return AdministrationError(
            f"There is no {kind} {show(given)}; there are: {', '.join(sorted(known))}."
        )
    close = difflib.get_close_matches(given, known) or sorted(known)[:3]
    return AdministrationError(
        f"There is no {kind} {show(given)}; among the {len(known)} that there are: "
        f"{', '.join(close)}."
    )
