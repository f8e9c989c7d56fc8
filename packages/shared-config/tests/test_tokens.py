"""Tokens: what passes, and everything that must not."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import jwt
import pytest

from kyros_shared_config import (
    TenantClaims,
    TokenAuthority,
    TokenExpiredError,
    TokenInvalidError,
    TokenLifetimes,
    TokenMissingError,
    UserClaims,
    _verified,
    bearer_token,
)

SECRET = "5f1c0a9be2d74836a1f4e7093bd8c652"
OTHER = "c2e8417fd06b95a3e1d7f0842ab6c935"
USER = UserClaims(sub="u1", email="a@b.example", tenant_ids=["t1", "t2"])
TENANT = TenantClaims(sub="u1", email="a@b.example", tenant_id="t1", role="viewer")
authority = TokenAuthority(SECRET)


def tenant_payload(**changes: object) -> dict[str, Any]:
    """Return a good tenant token's payload with some claims changed; None removes one."""
    now = int(time.time())
    payload: dict[str, Any] = {
        "iss": "kyros",
        "aud": "kyros:tenant",
        "iat": now,
        "exp": now + 60,
        "jti": "j1",
        **TENANT.model_dump(),
        **changes,
    }
    return {name: value for name, value in payload.items() if value is not None}


def test_round_trip() -> None:
    """What was minted verifies to the same claims."""
    user = authority.verify_user_token(authority.mint_user_token(USER))
    assert USER.model_dump() == user.model_dump(exclude={"jti", "exp"})
    assert 32 == len(user.jti)
    assert TENANT == authority.verify_tenant_token(authority.mint_tenant_token(TENANT))


def test_other_lifetimes() -> None:
    """An authority mints tokens of the lifetimes that it is given."""
    lifetimes = TokenLifetimes(timedelta(seconds=8), timedelta(seconds=5))
    hasty = TokenAuthority(SECRET, lifetimes=lifetimes)
    for token, seconds in ((hasty.mint_user_token(USER), 8), (hasty.mint_tenant_token(TENANT), 5)):
        claims = jwt.decode(token, options={"verify_signature": False})
        assert seconds == claims["exp"] - claims["iat"]


def test_lifetimes_and_registered_claims() -> None:
    """A user token lives 3600 s, a tenant token 1800 s; each token has an id of its own."""
    user = jwt.decode(authority.mint_user_token(USER), options={"verify_signature": False})
    tenant = jwt.decode(authority.mint_tenant_token(TENANT), options={"verify_signature": False})
    assert 3600 == user["exp"] - user["iat"]
    assert 1800 == tenant["exp"] - tenant["iat"]
    assert ("kyros", "kyros") == (user["iss"], tenant["iss"])
    assert user["jti"] != tenant["jti"]
    assert user["aud"] != tenant["aud"]


class FrozenClock:
    """Stands in for the datetime module that PyJWT asks for the time."""

    def __init__(self, now: float) -> None:
        self._now = datetime.fromtimestamp(now, UTC)

    def now(self, tz: tzinfo) -> datetime:
        """Return the same moment, always."""
        return self._now.astimezone(tz)


def test_one_kind_never_passes_for_the_other() -> None:
    """A user token opens no tenant, and a tenant token is nobody's sign-in."""
    with pytest.raises(TokenInvalidError):
        authority.verify_tenant_token(authority.mint_user_token(USER))
    with pytest.raises(TokenInvalidError):
        authority.verify_user_token(authority.mint_tenant_token(TENANT))


def test_expired() -> None:
    """A token whose time is over is refused as expired, not as invalid."""
    old = TokenAuthority(SECRET, clock=lambda: time.time() - 1801)
    with pytest.raises(TokenExpiredError):
        authority.verify_tenant_token(old.mint_tenant_token(TENANT))


@pytest.mark.parametrize("apart", [-120, 120])
def test_clocks_that_differ(apart: int) -> None:
    """What a machine has signed whose clock is two minutes off is good."""
    other = TokenAuthority(SECRET, clock=lambda: time.time() + apart)
    assert TENANT == authority.verify_tenant_token(other.mint_tenant_token(TENANT))
    assert "u1" == authority.verify_user_token(other.mint_user_token(USER)).sub


def test_issued_in_the_future() -> None:
    """Further off than clocks may be apart, it is refused."""
    other = TokenAuthority(SECRET, clock=lambda: time.time() + 310)
    with pytest.raises(TokenInvalidError):
        authority.verify_tenant_token(other.mint_tenant_token(TENANT))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody"},
        {"aud": ["kyros:tenant", "kyros:user"]},
        {"exp": None},
        {"jti": None},
        {"sub": None},
        {"tenant_id": None},
        {"tenant_id": ["t1"]},
        {"role": "owner"},
        {"email": 7},
        {"iat": 2**33},
        {"iat": "now"},
        {"iat": float("nan")},
    ],
)
def test_wrong_claims(changes: dict[str, Any]) -> None:
    """A good signature does not help when a claim is missing or not of its form."""
    payload = tenant_payload(**changes)
    with pytest.raises(TokenInvalidError):
        authority.verify_tenant_token(jwt.encode(payload, SECRET, algorithm="HS256"))


def test_a_token_that_was_good_still_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token is remembered as good until its time is over, and not a second longer."""
    mine = TokenAuthority(SECRET)
    token = mine.mint_tenant_token(TENANT)
    assert mine.verify_tenant_token(token) == mine.verify_tenant_token(token)
    later = time.time() + 1800
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr("jwt.api_jwt.datetime", FrozenClock(later))
    with pytest.raises(TokenExpiredError):
        mine.verify_tenant_token(token)


def test_a_remembered_token_is_of_its_kind() -> None:
    """What was remembered as a user token is no tenant token, and the reverse."""
    mine = TokenAuthority(SECRET)
    user, tenant = mine.mint_user_token(USER), mine.mint_tenant_token(TENANT)
    mine.verify_user_token(user)
    mine.verify_tenant_token(tenant)
    with pytest.raises(TokenInvalidError):
        mine.verify_tenant_token(user)
    with pytest.raises(TokenInvalidError):
        mine.verify_user_token(tenant)


def test_memory_for_tokens_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many tokens come, only so many are remembered."""
    monkeypatch.setattr(_verified, "CAPACITY", 10)
    tokens = _verified.VerifiedTokens[str]()
    for number in range(25):
        assert "claims" == tokens.put(f"token {number}", "claims", 2**33)
    assert len(tokens) <= 10


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_other_algorithm(algorithm: str) -> None:
    """Only HS256 is accepted, even with the right key."""
    long = SECRET * 2
    token = jwt.encode(tenant_payload(), long, algorithm=algorithm)
    with pytest.raises(TokenInvalidError):
        TokenAuthority(long).verify_tenant_token(token)


def test_unsigned_cut_swapped_and_foreign() -> None:
    """No signature, half a token, another's payload, another's key: all invalid."""
    good = authority.mint_tenant_token(TENANT)
    header, _, signature = good.split(".")
    other = authority.mint_tenant_token(TENANT.model_copy(update={"tenant_id": "t2"}))
    for token in (
        jwt.encode(tenant_payload(), "", algorithm="none"),
        good[:-4],
        good[: len(good) // 2],
        ".".join([header, other.split(".")[1], signature]),
        TokenAuthority(OTHER).mint_tenant_token(TENANT),
        "",
        "a.b.c",
        "\x00é" * 10,
    ):
        with pytest.raises(TokenInvalidError):
            authority.verify_tenant_token(token)


def test_previous_key_still_verifies_but_never_signs() -> None:
    """After a rotation old tokens pass, and new ones are made with the new key."""
    rotated = TokenAuthority(OTHER, SECRET)
    assert TENANT == rotated.verify_tenant_token(authority.mint_tenant_token(TENANT))
    with pytest.raises(TokenInvalidError):
        authority.verify_tenant_token(rotated.mint_tenant_token(TENANT))


@pytest.mark.parametrize("value", [None, "", "Bearer", "Bearer ", "Basic abc", "abc"])
def test_no_bearer_token(value: str | None) -> None:
    """A header without a bearer token is a missing one."""
    with pytest.raises(TokenMissingError):
        bearer_token(value)


def test_bearer_token() -> None:
    """The scheme's case does not matter."""
    assert "abc" == bearer_token("bearer abc")
