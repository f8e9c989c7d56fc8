"""Settings: what is refused, in which words, and that no secret shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kyros_shared_config import (
    Environment,
    TokenAuthority,
    TokenInvalidError,
    TokenSettings,
    UserClaims,
    load_settings,
)

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "5f1c0a9be2d74836a1f4e7093bd8c652"
OLD = "0b7e55d1c9f24a68937fd1e2a4c8b630"


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JWT_SECRET_KEY", "JWT_SECRET_KEY_PREVIOUS"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    for name in ("KYROS_ENV", "LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("secret", "reason"),
    [
        ("", "JWT_SECRET_KEY is missing"),
        ("4f1c0a9be2d74836", "JWT_SECRET_KEY is too short: 16 bytes"),
        ("change-me-in-production-0123456789abcdef", "JWT_SECRET_KEY is a published value"),
        ("abababababababababababababababababab", "JWT_SECRET_KEY can be guessed"),
    ],
)
def test_bad_secret_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, secret: str, reason: str
) -> None:
    """The message names variable, fault and remedy, and does not repeat the secret."""
    monkeypatch.setenv("JWT_SECRET_KEY", secret)
    with pytest.raises(SystemExit) as refusal:
        load_settings(TokenSettings)
    message = str(refusal.value)
    assert message.startswith(f"Cannot start: {reason}")
    assert "make one with" in message
    assert "\n" not in message
    assert not secret or secret not in message


def test_wrong_value_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A value outside the allowed ones is named with what is allowed."""
    monkeypatch.setenv("JWT_SECRET_KEY", GOOD)
    monkeypatch.setenv("KYROS_ENV", "staging")
    with pytest.raises(SystemExit, match=r"KYROS_ENV.*'development' or 'production'"):
        load_settings(TokenSettings)


def test_production_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """The safe environment is the default, also when the variable is there but empty."""
    monkeypatch.setenv("JWT_SECRET_KEY", GOOD)
    monkeypatch.setenv("KYROS_ENV", "")
    assert Environment.PRODUCTION == load_settings(TokenSettings).kyros_env


def test_secret_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A secret may come as a file, and an unreadable file is said."""
    secret = tmp_path / "key"
    monkeypatch.setenv("JWT_SECRET_KEY_FILE", str(secret))
    with pytest.raises(SystemExit, match=r"JWT_SECRET_KEY_FILE names .* cannot be read"):
        load_settings(TokenSettings)
    secret.write_text(GOOD + "\n")
    assert load_settings(TokenSettings).token_authority() is not None


def test_the_previous_key_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A token of the key before is good; the file may be empty, and not missing or no key."""
    claims = UserClaims(sub="u", email="a@acme.com", tenant_ids=[])
    before = TokenAuthority(OLD).mint_user_token(claims)
    file = tmp_path / "previous"
    monkeypatch.setenv("JWT_SECRET_KEY", GOOD)
    monkeypatch.setenv("JWT_SECRET_KEY_PREVIOUS_FILE", str(file))
    with pytest.raises(SystemExit, match=r"JWT_SECRET_KEY_PREVIOUS_FILE names .* cannot be read"):
        load_settings(TokenSettings)
    file.write_text("")
    with pytest.raises(TokenInvalidError):
        load_settings(TokenSettings).token_authority().verify_user_token(before)
    file.write_text(OLD + "\n")
    authority = load_settings(TokenSettings).token_authority()
    assert claims.sub == authority.verify_user_token(before).sub
    file.write_text("short")
    with pytest.raises(SystemExit, match="JWT_SECRET_KEY_PREVIOUS is too short"):
        load_settings(TokenSettings)


def test_secret_never_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing the settings hides the key."""
    monkeypatch.setenv("JWT_SECRET_KEY", GOOD)
    assert GOOD not in repr(load_settings(TokenSettings))
