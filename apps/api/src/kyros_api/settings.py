"""What the API reads from its environment."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator

from kyros_api.auth.limit import Limit, WrittenLimit
from kyros_api.metadata.location import Location, SqliteFile, parse_location
from kyros_shared_config import (
    AuthMode,
    ServiceSettings,
    TokenLifetimes,
    TokenSettings,
    read_secret_file,
)


class StorageSettings(ServiceSettings):
    """Where metadata and tenants' data lie; all that seeding needs.

    The metadata are in a SQLite file (``DATABASE_PATH``), or on a server that ``DATABASE_URL``
    names, which wins. Its password may stand in the URL or in a file; the URL as well.
    """

    database_path: Path = Path("data/tenant_metadata.db")
    database_url: SecretStr | None = None
    database_url_file: Path | None = None
    database_password_file: Path | None = None
    data_dir: Path = Path("data")

    @model_validator(mode="after")
    def _check_database(self) -> Self:
        _ = self.database
        return self

    @cached_property
    def database(self) -> Location:
        """Where the metadata are.

        Raises:
            ValueError: a variable is wrong; never met in settings that were made.
        """
        url = self.database_url.get_secret_value() if self.database_url else ""
        if not url and self.database_url_file is not None:
            url = read_secret_file("DATABASE_URL", self.database_url_file)
        if not url:
            return SqliteFile(self.database_path)
        file = self.database_password_file
        return parse_location(url, read_secret_file("DATABASE_PASSWORD", file) if file else None)


class ApiSettings(TokenSettings, StorageSettings):
    """Settings of the API, by the upper-case name of each field.

    The limits are of failed sign-ins, after which more are refused unseen for a while. The seconds
    are how long a person stays signed in, and how long a token for one tenant is good.
    """

    auth_mode: AuthMode = AuthMode.PASSWORD
    sign_in_limit_per_account: WrittenLimit = Limit(10, 900)
    sign_in_limit_per_address: WrittenLimit = Limit(100, 900)
    user_token_seconds: int = Field(default=3600, ge=5, le=86400)
    tenant_token_seconds: int = Field(default=1800, ge=5, le=86400)

    @model_validator(mode="after")
    def _no_demo_in_production(self) -> Self:
        if self.auth_mode is AuthMode.DEMO and not self.is_development:
            raise ValueError(
                "AUTH_MODE=demo lets anybody in without a password and needs "
                "KYROS_ENV=development; set AUTH_MODE=password"
            )
        return self

    def token_lifetimes(self) -> TokenLifetimes:
        """Return how long the tokens are good that this service mints."""
        user, tenant = self.user_token_seconds, self.tenant_token_seconds
        return TokenLifetimes(timedelta(seconds=user), timedelta(seconds=tenant))

    @property
    def demo(self) -> bool:
        """Whether demo users may sign in without a password."""
        return self.auth_mode is AuthMode.DEMO
