"""Token exchange as RFC 8693 asks for it, and the errors of RFC 6749 (section 5.2) it answers with.

What the standard leaves open is decided here. The tenant is named by its id in ``audience``, or by
its URN in ``resource``, or by both; a token is for exactly one. A scope is a role. There are no
registered clients: whoever holds the subject token may exchange it, and a client's own
credentials, like every parameter that the standard does not know, are ignored.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple, get_args
from urllib.parse import parse_qs

from sqlalchemy.exc import SQLAlchemyError

from kyros_api.audit.log import AuditUnavailableError
from kyros_api.errors import ApiError, ForbiddenError, audit_denial
from kyros_api.metrics import count_refusal
from kyros_api.tokens.exchange import NO_ACCESS, Wanted
from kyros_api.tokens.schemas import TENANT_ID_LENGTH, TENANT_URN, GrantType, TokenType
from kyros_shared_config import Role, TokenError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fastapi import Request

_log = logging.getLogger(__name__)
FORM = "application/x-www-form-urlencoded"
(GRANT_TYPE,) = get_args(GrantType)
TOKEN_TYPES: Sequence[TokenType] = get_args(TokenType)  # the first one unless asked for another
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}  # RFC 6749, section 5.1
_TARGETS = {"audience", "resource"}  # the only parameters that RFC 8693 lets one repeat


class StandardError(ApiError):
    """A refusal in the form of RFC 6749: its codes are lower-case, its sentence is ASCII."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message, headers=NO_STORE)

    def body(self) -> dict[str, str]:
        """Return the standard's form."""
        return {"error": self.code, "error_description": self.message}


class StandardUnavailableError(StandardError):
    """The exchange cannot be done now; the standard has no status for it, HTTP has."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class TokenRequest(NamedTuple):
    """A request that is in order, its subject token not verified yet."""

    subject_token: str
    issued_token_type: TokenType
    wanted: Wanted


async def read_request(request: Request) -> TokenRequest:
    """Read the form.

    Raises:
        StandardError: something is missing, repeated, or not on offer here.
    """
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type != FORM:
        raise StandardError("invalid_request", f"Send the parameters as {FORM}.")
    given = _parameters(await request.body())
    if _required(given, "grant_type") != GRANT_TYPE:
        raise StandardError("unsupported_grant_type", f"The one grant type here is {GRANT_TYPE}.")
    if given.keys() & {"actor_token", "actor_token_type"}:
        raise StandardError(
            "invalid_request", "Nobody acts for somebody else here: leave the actor token out."
        )
    subject_token = _required(given, "subject_token")
    _token_type("subject_token_type", _required(given, "subject_token_type"))
    wanted_type = _first(given, "requested_token_type", TOKEN_TYPES[0])
    issued = _token_type("requested_token_type", wanted_type)
    return TokenRequest(subject_token, issued, Wanted(_tenant_id(given), _role(given)))


@contextmanager
def standard_errors(request: Request) -> Iterator[None]:
    """Turn what keeps an exchange from being done into the standard's errors.

    Raises:
        StandardError: what came out of the block, in the standard's terms.
    """
    try:
        yield
    except TokenError as error:
        count_refusal(HTTPStatus.UNAUTHORIZED, error.code)
        raise StandardError("invalid_request", f"The subject token is refused. {error}") from error
    except ForbiddenError as denial:
        audit_denial(request, denial)
        code = "invalid_scope" if denial.code == "ROLE_NOT_GRANTED" else "invalid_target"
        raise StandardError(code, denial.message) from denial
    except (SQLAlchemyError, AuditUnavailableError) as fault:
        _log.error("no token can be exchanged: %s", fault)
        message = "The exchange cannot be done now: try again later."
        raise StandardUnavailableError("temporarily_unavailable", message) from fault


def _parameters(body: bytes) -> dict[str, list[str]]:
    """Return the values of each parameter; one without a value counts as left out."""
    try:
        given = parse_qs(body.decode(), errors="strict")
    except ValueError as error:
        raise StandardError("invalid_request", "The body is not a form in UTF-8.") from error
    if any(len(values) > 1 for name, values in given.items() if name not in _TARGETS):
        raise StandardError("invalid_request", "A parameter is repeated: send each one once.")
    return given


def _first(given: Mapping[str, list[str]], name: str, default: str) -> str:
    return given.get(name, [default])[0]


def _required(given: Mapping[str, list[str]], name: str) -> str:
    if name not in given:
        raise StandardError("invalid_request", f"The parameter {name} is missing.")
    return given[name][0]


def _token_type(name: str, value: str) -> TokenType:
    for known in TOKEN_TYPES:
        if value == known:
            return known
    message = f"The parameter {name} must be {' or '.join(TOKEN_TYPES)}."
    raise StandardError("invalid_request", message)


def _tenant_id(given: Mapping[str, list[str]]) -> str:
    targets = {*given.get("audience", []), *map(_tenant_of, given.get("resource", []))}
    if not targets:
        message = f"Name the tenant: its id in audience, or {TENANT_URN}<id> in resource."
        raise StandardError("invalid_request", message)
    if len(targets) > 1:
        raise StandardError("invalid_target", "A token is for one tenant: name only one.")
    tenant_id = targets.pop()
    if len(tenant_id) > TENANT_ID_LENGTH:
        raise StandardError("invalid_target", NO_ACCESS)
    return tenant_id


def _tenant_of(resource: str) -> str:
    if not resource.startswith(TENANT_URN):
        raise StandardError("invalid_target", NO_ACCESS)
    return resource.removeprefix(TENANT_URN)


def _role(given: Mapping[str, list[str]]) -> Role | None:
    """Return the most that is asked for: an admin may do all that a viewer may."""
    scope = _first(given, "scope", "")
    asked = scope.split(" ") if scope else []
    if not set(asked) <= set(get_args(Role)):
        raise StandardError("invalid_scope", "A scope is a role: admin or viewer.")
    if not asked:
        return None
    return "admin" if "admin" in asked else "viewer"
