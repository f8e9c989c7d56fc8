"""Settings from the environment, checked before a service starts."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Self, TypeVar

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from kyros_shared_config._secrets import secret_problem
from kyros_shared_config._tokens import TokenAuthority, TokenLifetimes

_MAKE_ONE = "make one with: python -c 'import secrets; print(secrets.token_hex(32))'"


class Environment(StrEnum):
    """Where a service runs; production is what it takes itself for unless told otherwise."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class AuthMode(StrEnum):
    """How people sign in: with a password, or (development only) as a demo user."""

    PASSWORD = "password"  # noqa: S105 - the name of a mode
    DEMO = "demo"


class ServiceSettings(BaseSettings):
    """What every service reads, by the upper-case name of each field."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    kyros_env: Environment = Environment.PRODUCTION
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    metrics_port: int = Field(default=0, ge=0, le=65535)  # 0 serves none
    metrics_host: str = "127.0.0.1"
    # The collector of traces, such as http://collector:4318; without one none are made.
    otel_exporter_otlp_endpoint: str | None = Field(default=None, pattern=r"^https?://[^?#\s]+$")

    @property
    def is_development(self) -> bool:
        """Whether reload, demo users and the like may be on."""
        return self.kyros_env is Environment.DEVELOPMENT


class TokenSettings(ServiceSettings):
    """Settings of a service that mints or verifies tokens.

    A secret comes as a value (``JWT_SECRET_KEY``) or as the name of a file that holds it
    (``JWT_SECRET_KEY_FILE``); the value wins. The same goes for the key before it, which may be
    left out, or be an empty file until keys are rotated for the first time.
    """

    jwt_secret_key: SecretStr = SecretStr("")
    jwt_secret_key_file: Path | None = None
    jwt_secret_key_previous: SecretStr | None = None
    jwt_secret_key_previous_file: Path | None = None

    @model_validator(mode="after")
    def _check_secrets(self) -> Self:
        problem = secret_problem(self._secret())
        if problem:
            raise ValueError(f"JWT_SECRET_KEY {problem}; {_MAKE_ONE}")
        previous = self._previous_secret()
        problem = secret_problem(previous) if previous else None
        if problem:
            raise ValueError(
                f"JWT_SECRET_KEY_PREVIOUS {problem}; leave it empty or give the old key"
            )
        return self

    def _secret(self) -> str:
        return _value_or_file("JWT_SECRET_KEY", self.jwt_secret_key, self.jwt_secret_key_file)

    def _previous_secret(self) -> str:
        value = self.jwt_secret_key_previous or SecretStr("")
        return _value_or_file("JWT_SECRET_KEY_PREVIOUS", value, self.jwt_secret_key_previous_file)

    def token_lifetimes(self) -> TokenLifetimes:
        """Return how long the tokens are good that this service mints."""
        return TokenLifetimes()

    def token_authority(self) -> TokenAuthority:
        """Build the authority that mints and verifies with these secrets."""
        return TokenAuthority(
            self._secret(), self._previous_secret() or None, lifetimes=self.token_lifetimes()
        )


def _value_or_file(name: str, value: SecretStr, file: Path | None) -> str:
    """Return a secret's value, or what its file holds; nothing when there is neither."""
    if value.get_secret_value() or file is None:
        return value.get_secret_value()
    return read_secret_file(name, file)


def read_secret_file(name: str, file: Path) -> str:
    """Return what the file holds that ``<name>_FILE`` names.

    Raises:
        ValueError: it cannot be read.
    """
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise ValueError(
            f"{name}_FILE names {file}, which cannot be read ({why}); create it or set {name}"
        ) from error


SettingsT = TypeVar("SettingsT", bound=ServiceSettings)


def load_settings(settings: type[SettingsT]) -> SettingsT:
    """Read the settings, or end the process with one sentence for each that is wrong.

    Raises:
        SystemExit: something is missing or wrong; its message names the variable and the remedy,
            and never holds a secret.
    """
    try:
        return settings()
    except ValidationError as error:
        raise SystemExit("\n".join(_sentences(error))) from None


def _sentences(error: ValidationError) -> list[str]:
    return [
        f"Cannot start: {'.'.join(map(str, detail['loc'])).upper()} {detail['msg']}.".replace(
            "Cannot start:  Value error, ", "Cannot start: "
        )
        for detail in error.errors(include_url=False, include_input=False)
    ]
