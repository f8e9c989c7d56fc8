"""What a tenant's metadata looks like from outside."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel


class Tenant(BaseModel):
    """One customer organisation."""

    id: str
    name: str
    slug: str
    is_active: bool
    config_json: dict[str, Any]
    created_at: datetime


class Dashboard(BaseModel):
    """A dashboard that the tenant has, with the tenant's own settings laid over the common ones."""

    slug: str
    title: str
    description: str
    config_json: dict[str, Any]


class Dashboards(BaseModel):
    """The tenant's dashboards, by title."""

    dashboards: list[Dashboard]
