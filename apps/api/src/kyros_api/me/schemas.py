"""What a person is told of themselves."""

from typing import Any

from pydantic import BaseModel

from kyros_shared_config import Role


class MyTenant(BaseModel):
    """A tenant that the person may enter, and as what."""

    id: str
    name: str
    slug: str
    role: Role
    config_json: dict[str, Any]


class TenantDashboards(BaseModel):
    """How many dashboards a tenant has."""

    tenant_id: str
    dashboards: int


class MyDashboards(BaseModel):
    """How many dashboards there are in each tenant that the person may enter."""

    tenants: list[TenantDashboards]


class Me(BaseModel):
    """Who is signed in, and where they may go."""

    user_id: str
    email: str
    tenants: list[MyTenant]
