"""What a dashboard's data looks like from outside."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

MAXIMUM_LIMIT = 1000


class RowQuery(BaseModel):
    """Which rows, which columns, in which order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    filters: str = Field(
        default="",
        max_length=4000,
        description="A JSON object: column to a value, a list of values, or an object of "
        "`gte`, `lte`, `gt`, `lt`, `ne`.",
        examples=['{"cohort": ["1997-01", "1997-02"], "orders": {"gte": 2}}'],
    )
    columns: str = Field(default="", max_length=4000, description="Names, comma-separated.")
    sort: str = Field(
        default="", max_length=1000, description="Names, comma-separated, `-` for descending."
    )
    limit: int = Field(default=100, ge=1, le=MAXIMUM_LIMIT)
    offset: int = Field(default=0, ge=0, le=2**31)


class Rows(BaseModel):
    """A page of rows, and how many there are in all."""

    tenant_id: str
    dashboard_slug: str
    total: int
    data: list[dict[str, Any]]


class ViewResult(BaseModel):
    """A view, one list a column."""

    tenant_id: str
    dashboard_slug: str
    view: str
    columns: dict[str, list[Any]]
    meta: dict[str, Any]
