"""Passwords: what makes a good one, how it is kept, and whether one is right.

Kept as argon2id hashes with the parameters that RFC 9106 recommends where memory is not plenty. A
hash takes about a tenth of a second and 64 MiB, on purpose: whoever steals the hashes pays as much
for every guess.
"""

from __future__ import annotations

import base64
import secrets
import unicodedata
from typing import NamedTuple

from anyio import CapacityLimiter, to_thread
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 128

TIME_COST = 3
MEMORY_COST = 64 * 1024  # KiB
PARALLELISM = 4
HASHES_AT_ONCE = 2  # 64 MiB each
WAITING_AT_MOST = 16  # a second or two of work on two cores

_PASSWORDS = PasswordHash(
    [Argon2Hasher(time_cost=TIME_COST, memory_cost=MEMORY_COST, parallelism=PARALLELISM)]
)
_LETTERS = "abcdefghjkmnpqrstvwxyz23456789"  # none that is taken for another: i l o u 0 1
_GROUPS, _GROUP_LENGTH = 4, 5

# What people type when twelve characters are asked for; shorter ones are refused by their length.
COMMON = frozenset(
    {
        "000000000000",
        "111111111111",
        "123123123123",
        "1234567890ab",
        "123456789012",
        "1234567890123",
        "123456789abc",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "aaaaaaaaaaaa",
        "abc123abc123",
        "abcdefghijkl",
        "administrator",
        "asdfghjkl123",
        "changeme1234",
        "iloveyou1234",
        "letmein12345",
        "password1234",
        "password12345",
        "password123!",
        "passwordpassword",
        "qwerty123456",
        "qwertyqwerty",
        "qwertyuiop12",
        "qwertyuiop123",
        "welcome12345",
    }
)


def password_problem(password: str, email: str) -> str | None:
    """Say in one sentence why a password is not good enough, None when it is.

    The rules are those of NIST SP 800-63B: length, and nothing that is guessed first; no rule
    about which kinds of character must be in it.

    Args:
        password: what somebody wants to sign in with.
        email: whose it would be.
    """
    length = len(password)
    if length < MINIMUM_LENGTH:
        return f"The password has {length} characters; use {MINIMUM_LENGTH} or more."
    if length > MAXIMUM_LENGTH:
        return f"The password has {length} characters; use {MAXIMUM_LENGTH} or fewer."
    if password.casefold() == email.casefold():
        return "The password is the email; choose another."
    if password.casefold() in COMMON:
        return "The password is one of the first that are guessed; choose another."
    return None


def generate_password() -> str:
    """Make a random password that can be read aloud: four groups of five, 98 bits."""
    groups = (
        "".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
    )
    return "-".join(groups)


def hash_password(password: str) -> str:
    """Return what is kept of a password; takes a tenth of a second, so never on an event loop."""
    return _PASSWORDS.hash(_normalise(password))


class Verdict(NamedTuple):
    """Whether a password is right, and the hash to keep from now on when the old one is weak."""

    correct: bool
    new_hash: str | None


class PasswordVerifier:
    """Checks passwords in worker threads, :data:`HASHES_AT_ONCE` at a time."""

    def __init__(self) -> None:
        self._limiter = CapacityLimiter(HASHES_AT_ONCE)

    @property
    def busy(self) -> bool:
        """Whether so many checks wait already that one more had better be refused."""
        return self._limiter.statistics().tasks_waiting >= WAITING_AT_MOST

    async def verify(self, password: str, stored: str | None) -> Verdict:
        """Compare a password with a hash.

        Without a hash it is compared with one that nothing fits, so that the answer takes as long
        for somebody who does not exist.

        Args:
            password: as it was typed.
            stored: what :func:`hash_password` once returned, None when there is no such person.
        """
        return await to_thread.run_sync(_verify, password, stored, limiter=self._limiter)


def _verify(password: str, stored: str | None) -> Verdict:
    known = stored is not None and Argon2Hasher.identify(stored)
    hashed = stored if stored is not None and known else _fits_nothing()
    return Verdict(*_PASSWORDS.verify_and_update(_normalise(password), hashed))


def _fits_nothing() -> str:
    """Make a hash with today's parameters that no known password has."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode("ascii").rstrip("=")
        for length in (16, 32)
    )
    return f"$argon2id$v=19$m={MEMORY_COST},t={TIME_COST},p={PARALLELISM}${salt}${digest}"


def _normalise(password: str) -> bytes:
    """Make one of the several ways to type the same character, as SP 800-63B asks.

    Surrogates, which JSON can name and UTF-8 cannot, are as good as other characters.
    """
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
