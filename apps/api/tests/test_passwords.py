"""What makes a password, how it is kept, and what checking one costs."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from kyros_api.auth import passwords
from kyros_api.auth.passwords import (
    HASHES_AT_ONCE,
    PasswordVerifier,
    Verdict,
    generate_password,
    hash_password,
    password_problem,
)

if TYPE_CHECKING:
    from collections.abc import Callable

EMAIL = "analyst@acme.com"
GOOD = "correct horse battery"
TODAY = "$argon2id$v=19$m=65536,t=3,p=4$"
WEAK = Argon2Hasher(time_cost=1, memory_cost=1024, parallelism=1)


class TestRules:
    """What may become a password."""

    @pytest.mark.parametrize(
        "password",
        [
            GOOD,
            "x" * 11 + "y",
            "z" * 128,
            "пароль из слов",
            "            ",
            f"{EMAIL}!",
            "1357924680111",
        ],
    )
    def test_good(self, password: str) -> None:
        """Length is all that is asked; letters, digits and signs are the person's own affair."""
        assert password_problem(password, EMAIL) is None

    @pytest.mark.parametrize(
        ("password", "problem"),
        [
            ("", "The password has 0 characters; use 12 or more."),
            ("Sh0rt!!", "The password has 7 characters; use 12 or more."),
            ("x" * 129, "The password has 129 characters; use 128 or fewer."),
            ("Analyst@ACME.com", "The password is the email; choose another."),
            (
                "Password1234",
                "The password is one of the first that are guessed; choose another.",
            ),
        ],
    )
    def test_refused(self, password: str, problem: str) -> None:
        """What is short, long, the email or guessed first is refused in one sentence."""
        assert problem == password_problem(password, EMAIL)

    def test_every_common_one_is_long_enough(self) -> None:
        """The list holds nothing that its length refuses already, in the case it is compared in."""
        assert [] == [word for word in passwords.COMMON if len(word) < 12 or word.lower() != word]

    def test_generated(self) -> None:
        """A generated one is four groups of five, good by the rules, and never the same."""
        made = {generate_password() for _ in range(1000)}
        assert 1000 == len(made)
        assert {(5, 5, 5, 5)} == {tuple(map(len, word.split("-"))) for word in made}
        assert {None} == {password_problem(word, EMAIL) for word in made}
        assert set("abcdefghjkmnpqrstvwxyz23456789-") == set("".join(made))


class TestHashes:
    """How a password is kept."""

    def test_parameters(self) -> None:
        """Argon2id with 64 MiB, three passes and four lanes; the same password twice differs."""
        hashes = {hash_password(GOOD), hash_password(GOOD)}
        assert 2 == len(hashes)
        assert {True} == {kept.startswith(TODAY) for kept in hashes}

    async def test_right_and_wrong(self) -> None:
        """The right password is right however its characters were composed; nothing else is."""
        verifier = PasswordVerifier()
        kept = hash_password("café au lait, merci")
        assert Verdict(correct=True, new_hash=None) == await verifier.verify(
            "cafe\u0301 au lait, merci", kept
        )
        for wrong in ("cafe au lait, merci", "Café au lait, merci", "", "x" * 128):
            assert Verdict(correct=False, new_hash=None) == await verifier.verify(wrong, kept)

    async def test_any_string(self) -> None:
        """What is no text in any encoding is a password like others."""
        kept = hash_password("\ud800 twelve or more")
        assert (await PasswordVerifier().verify("\ud800 twelve or more", kept)).correct
        assert not (await PasswordVerifier().verify("\ud801 twelve or more", kept)).correct

    @pytest.mark.parametrize("stored", [None, "", "plain", "$2b$12$" + "x" * 53])
    async def test_no_hash(self, stored: str | None) -> None:
        """Nothing opens what has no argon2 hash, not even what stands there."""
        verdict = await PasswordVerifier().verify(stored or "", stored)
        assert Verdict(correct=False, new_hash=None) == verdict

    async def test_weak_hash_is_made_anew(self) -> None:
        """A hash of older parameters lets in, and comes back with today's; a wrong password not."""
        verifier = PasswordVerifier()
        correct, new_hash = await verifier.verify(GOOD, WEAK.hash(GOOD))
        assert correct
        assert new_hash is not None
        assert new_hash.startswith(TODAY)
        assert Verdict(correct=True, new_hash=None) == await verifier.verify(GOOD, new_hash)
        assert (False, None) == await verifier.verify("wrong", WEAK.hash(GOOD))

    async def test_unknown_costs_the_same(self, hashed_with: Callable[[], list[str]]) -> None:
        """Somebody who does not exist costs one hash of the same parameters as anybody."""
        verifier = PasswordVerifier()
        kept = hash_password(GOOD)
        await verifier.verify("wrong", kept)
        await verifier.verify("wrong", None)
        somebody, nobody = hashed_with()
        assert kept == somebody
        assert (TODAY, len(kept)) == (nobody[: len(TODAY)], len(nobody))


@pytest.fixture
def hashed_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Return what lists the hashes that passwords were compared with."""
    seen: list[str] = []
    verify = Argon2Hasher.verify

    def watch(self: Argon2Hasher, password: str, hashed: str) -> bool:
        seen.append(hashed)
        return verify(self, password, hashed)

    monkeypatch.setattr(Argon2Hasher, "verify", watch)
    return lambda: seen


class TestWorkers:
    """Hashing happens beside the event loop, a little at a time."""

    async def test_a_few_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Two threads hash at the most, none of them the event loop's; a long queue is busy."""
        released = threading.Event()
        running: list[int] = []

        def slow(_password: str, _stored: str | None) -> Verdict:
            running.append(threading.get_ident())
            released.wait(10)
            return Verdict(correct=True, new_hash=None)

        monkeypatch.setattr(passwords, "_verify", slow)
        verifier = PasswordVerifier()
        checks: list[asyncio.Task[Verdict]] = []
        busy = []
        for more in (HASHES_AT_ONCE, 15, 1):
            checks += [asyncio.create_task(verifier.verify("x", None)) for _ in range(more)]
            await asyncio.sleep(0.05)
            busy.append(verifier.busy)
        assert [False, False, True] == busy
        assert (2, 2) == (len(running), len({*running} - {threading.get_ident()}))
        released.set()
        await asyncio.gather(*checks)
        assert (18, False) == (len(running), verifier.busy)
