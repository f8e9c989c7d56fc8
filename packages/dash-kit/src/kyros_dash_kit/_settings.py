"""What a dashboard reads from the environment."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from kyros_shared_config import TokenSettings


class DashSettings(TokenSettings):
    """The settings of a dashboard service."""

    model_config = SettingsConfigDict(frozen=True)

    api_url: str = Field(default="http://127.0.0.1:8000", pattern=r"^https?://[^/?#\s]+/?$")
