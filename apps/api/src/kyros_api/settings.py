"""What the API reads from its environment."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from kyros_api.auth.limit import Limit, WrittenLimit
from kyros_shared_config import AuthMode, ServiceSettings, TokenLifetimes, TokenSettings


class StorageSettings(ServiceSettings):
    """Where metadata and tenants' data lie; all that seeding needs."""

    database_path: Path = Path("data/tenant_metadata.db")
    data_dir: Path = Path("data")


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
