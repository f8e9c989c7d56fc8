"""What token exchange takes."""

from typing import Annotated

from pydantic import BaseModel, StringConstraints


class ExchangeRequest(BaseModel):
    """The tenant that the person wants to enter."""

    tenant_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
