"""What token exchange takes and answers."""

from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

from kyros_shared_config import Role

TENANT_ID_LENGTH = 36  # of a UUID
TENANT_URN = "urn:kyros:tenant:"
GrantType = Literal["urn:ietf:params:oauth:grant-type:token-exchange"]
TokenType = Literal[
    "urn:ietf:params:oauth:token-type:access_token", "urn:ietf:params:oauth:token-type:jwt"
]


class ExchangeRequest(BaseModel):
    """The tenant that the person wants to enter."""

    tenant_id: Annotated[str, StringConstraints(min_length=1, max_length=TENANT_ID_LENGTH)]


class IssuedToken(BaseModel):
    """A token as RFC 8693 (section 2.2.1) has it; the scope is the role that is in it."""

    access_token: str
    issued_token_type: TokenType
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the name of a scheme
    expires_in: int
    scope: Role
