"""What a dashboard's data looks like from outside."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from kyros_shared_config import Role

MAXIMUM_LIMIT = 1_000_000


class Access(BaseModel):
    """Who may see a dashboard, of which tenant, and what they are there."""

    tenant_id: str
    user_id: str
    role: Role


class RowQuery(BaseModel):
    """Which rows, which columns, in which order.

    A number that is not finite is a missing value, and null. Text is ordered by code points.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    filters: str = Field(
        default="",
        max_length=4000,
        description="""A JSON object from columns to what their values must be; all must hold.

- a value: equal to it; `null`: missing
- a list: one of its values; none are, when it is empty
- an object of `gte`, `lte`, `gt`, `lt`: the values within; a missing value is within no bounds
- `{"ne": value}`: all rows that the value alone would leave out, those that miss it as well
- `{"contains": text}`: text with this somewhere in it; small and capital letters are alike

Values are of the column's kind: a string, a whole number of 64 bits, a number, true or false, a
date as `YYYY-MM-DD`, or a time as `YYYY-MM-DDThh:mm:ss`.""",
        examples=[
            '{"cohort": ["1997-01", "1997-02"], "orders": {"gte": 2, "lt": 10}}',
            '{"last_purchase": {"gte": "1998-01-01"}}',
            '{"cohort": {"ne": "1997-01"}, "average_order_value": null}',
            '{"customer_id": {"contains": "075"}}',
        ],
    )
    columns: str = Field(
        default="",
        max_length=4000,
        description="The columns wanted, in this order, separated by commas; all without it.",
        examples=["customer_id,total_spend"],
    )
    sort: str = Field(
        default="",
        max_length=4000,
        description="The columns to sort by, separated by commas, each with `-` in front for "
        "descending. Missing values come last both ways. Rows that are equal in these are sorted "
        "by the column that identifies them, so that pages neither repeat nor lose a row.",
        examples=["-total_spend,cohort"],
    )
    limit: int = Field(
        default=100,
        ge=1,
        le=MAXIMUM_LIMIT,
        description="How many rows at most: up to 1,000 as JSON, up to 1,000,000 as CSV or Arrow.",
        examples=[100],
    )
    offset: int = Field(
        default=0, ge=0, le=2**31, description="How many rows to leave out first.", examples=[0]
    )

    @model_validator(mode="before")
    @classmethod
    def _name_the_allowed(cls, given: object) -> object:
        """Say which parameters there are, when one is given that is not among them."""
        unknown = sorted(set(given) - set(cls.model_fields)) if isinstance(given, dict) else []
        if unknown:
            raise PydanticCustomError(
                "unknown_parameter",
                "There is no parameter {name}; there are {allowed}.",
                {"name": repr(unknown[0][:64]), "allowed": ", ".join(cls.model_fields)},
            )
        return given


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
