"""What a signing key must be: there, long enough, and known to nobody."""

from __future__ import annotations

MINIMUM_LENGTH = 32  # bytes of an HS256 key, RFC 7518 section 3.2
MINIMUM_DISTINCT = 10  # fewer different characters is a key that somebody typed
_PUBLISHED_MARKS = ("change", "example", "secret", "password", "default", "insecure", "your-")


def secret_problem(value: str) -> str | None:
    """Say what is wrong with a secret, or return None when nothing is.

    The sentence goes on after the variable's name: "JWT_SECRET_KEY is missing".
    """
    if not value:
        return "is missing"
    if len(value.encode()) < MINIMUM_LENGTH:
        return f"is too short: {len(value.encode())} bytes, at least {MINIMUM_LENGTH} are needed"
    if any(mark in value.lower() for mark in _PUBLISHED_MARKS):
        return "is a published value"
    if len(set(value)) < MINIMUM_DISTINCT:
        return "can be guessed: too few different characters"
    return None
