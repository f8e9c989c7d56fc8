"""What the OpenAPI document says of the standard's exchange, which nothing else declares."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from kyros_api.tokens.schemas import TENANT_URN, GrantType, TokenType
from kyros_api.tokens.standard import FORM, GRANT_TYPE, TOKEN_TYPES


class TokenForm(BaseModel):
    """A request of RFC 8693 (section 2.1); parameters that are not listed are ignored.

    Only `audience` and `resource` may be repeated, and together they name one tenant.
    """

    grant_type: GrantType
    subject_token: str = Field(min_length=1, description="The user token.")
    subject_token_type: TokenType
    audience: str = Field(default="", description="The id of the tenant.")
    resource: str = Field(
        default="", description=f"The tenant as a URI, {TENANT_URN}ID; instead of `audience`."
    )
    requested_token_type: TokenType = Field(
        default=TOKEN_TYPES[0],
        description="What to call the issued token; both names are of the same one.",
    )
    scope: str = Field(
        default="",
        description="What one wants to be there, at most what one is: `viewer` or `admin`.",
    )


class StandardRefusal(BaseModel):
    """A refusal in the form of RFC 6749 (section 5.2)."""

    error: Literal[
        "invalid_request",
        "invalid_scope",
        "invalid_target",
        "temporarily_unavailable",
        "unsupported_grant_type",
    ]
    error_description: str = Field(pattern=r"^[\x20-\x21\x23-\x5B\x5D-\x7E]+$")


def _refused(told: str, **examples: str) -> dict[str, Any]:
    shown = {
        error: {"summary": sentence, "value": {"error": error, "error_description": sentence}}
        for error, sentence in examples.items()
    }
    content = {"application/json": {"examples": shown}}
    return {"model": StandardRefusal, "description": told, "content": content}


REQUEST_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {FORM: {"schema": {"$ref": "#/components/schemas/TokenForm"}}},
    }
}

REFUSED: dict[int | str, dict[str, Any]] = {
    400: _refused(
        "No token, and in the standard's words why.",
        invalid_request="The subject token is refused. The token has expired: sign in again.",
        unsupported_grant_type=f"The one grant type here is {GRANT_TYPE}.",
        invalid_target="You have no access to this tenant.",
        invalid_scope="You do not have this role in the tenant.",
    ),
    503: _refused(
        "No token now.",
        temporarily_unavailable="The exchange cannot be done now: try again later.",
    ),
}
