"""Every error that the API answers with, in one form.

ApiError
├── BadRequestError   400
├── UnauthorizedError   401, with WWW-Authenticate
├── ForbiddenError    403, always audited
├── NotFoundError     404
├── NotAcceptableError  406
├── TooManyRequestsError  429, with Retry-After
└── UnavailableError  503
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar, cast

import duckdb
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from kyros_api.audit.log import AuditLog, AuditUnavailableError
from kyros_api.body_limit import TOO_LARGE
from kyros_api.metadata.faults import explain
from kyros_api.metrics import count_refusal
from kyros_api.storage.tenant_data import DataMissingError
from kyros_shared_config import TokenError, error_body

_log = logging.getLogger(__name__)
_CODES = {
    HTTPStatus.BAD_REQUEST: ("INVALID_REQUEST", "The request cannot be read."),
    HTTPStatus.NOT_FOUND: ("NOT_FOUND", "There is nothing at this address."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TOO_LARGE,
    HTTPStatus.METHOD_NOT_ALLOWED: ("METHOD_NOT_ALLOWED", "This address has no such method."),
}


class ApiError(Exception):
    """An answer other than success.

    Args:
        code: an upper-case name that programs can branch on.
        message: one sentence for a person.
        details: what helps to mend it.
        headers: that the answer has besides.
    """

    status: ClassVar[HTTPStatus]

    def __init__(
        self,
        code: str,
        message: str,
        details: object = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        """Return the answer: the one form, unless a standard asks for its own."""
        return error_body(self.code, self.message, self.details)


class BadRequestError(ApiError):
    """The request does not make sense; its details say what would."""

    status = HTTPStatus.BAD_REQUEST


class UnauthorizedError(ApiError):
    """Not who they say they are."""

    status = HTTPStatus.UNAUTHORIZED

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message, headers={"WWW-Authenticate": 'Bearer realm="kyros"'})


class ForbiddenError(ApiError):
    """Known, and not allowed; whoever raises it need not think of the audit log.

    Args:
        code: an upper-case name that programs can branch on.
        message: one sentence for a person.
        action: what was tried, as the audit log names it.
        tenant_id: the tenant that it concerns, when not that of the caller's token.
        about: what else the audit log should say.
    """

    status = HTTPStatus.FORBIDDEN

    def __init__(
        self, code: str, message: str, *, action: str, tenant_id: str | None = None, **about: str
    ) -> None:
        super().__init__(code, message)
        self.action = action
        self.tenant_id = tenant_id
        self.about = about


class NotFoundError(ApiError):
    """There is no such thing."""

    status = HTTPStatus.NOT_FOUND


class NotAcceptableError(ApiError):
    """There is such a thing, in no format that the caller accepts; the details name those."""

    status = HTTPStatus.NOT_ACCEPTABLE


class TooManyRequestsError(ApiError):
    """Too often; the headers say when to come again."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class UnavailableError(ApiError):
    """Something that the API needs is away."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


def _respond(
    status: int,
    code: str,
    message: str,
    details: object = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    return JSONResponse(jsonable_encoder(error_body(code, message, details)), status, headers)


def audit_denial(request: Request, error: ForbiddenError) -> None:
    """Count a refusal and audit it; it stays a refusal when the audit log cannot be written."""
    count_refusal(error.status, error.code)
    state = request.scope["state"]
    audit = cast("AuditLog", request.app.state.services.audit)
    try:
        audit.record(
            error.action,
            "denied",
            actor=state.get("actor"),
            tenant_id=error.tenant_id or state["log"].get("tenant"),
            reason=error.code,
            **error.about,
        )
    except AuditUnavailableError as fault:
        _log.error("a denial is missing in the audit log: %s", fault)


def add_error_handlers(app: FastAPI) -> None:
    """Turn what is known to go wrong into the one form; RequestLogMiddleware has the rest."""

    @app.exception_handler(ApiError)
    async def _api_error(request: Request, error: ApiError) -> JSONResponse:
        if isinstance(error, ForbiddenError):
            audit_denial(request, error)
        else:
            count_refusal(error.status, error.code)
        return JSONResponse(jsonable_encoder(error.body()), error.status, error.headers)

    @app.exception_handler(TokenError)
    async def _token_error(_request: Request, error: TokenError) -> JSONResponse:
        count_refusal(HTTPStatus.UNAUTHORIZED, error.code)
        challenge = f'Bearer realm="kyros", error="{error.code.lower()}"'
        return _respond(401, error.code, str(error), headers={"WWW-Authenticate": challenge})

    @app.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        # What was sent is left out: it may hold a password.
        problems = [
            {"where": ".".join(map(str, problem["loc"])), "problem": problem["msg"]}
            for problem in error.errors()
        ]
        return _respond(400, "INVALID_REQUEST", "The request is not of the right form.", problems)

    @app.exception_handler(HTTPException)
    async def _http(_request: Request, error: HTTPException) -> JSONResponse:
        fallback = (HTTPStatus(error.status_code).name, str(error.detail))
        code, message = _CODES.get(HTTPStatus(error.status_code), fallback)
        return _respond(error.status_code, code, message, headers=error.headers)

    @app.exception_handler(DataMissingError)
    async def _data(_request: Request, error: DataMissingError) -> JSONResponse:
        return _respond(404, "DATA_NOT_FOUND", str(error))

    @app.exception_handler(SQLAlchemyError)
    async def _database(request: Request, error: SQLAlchemyError) -> JSONResponse:
        reason = explain(error, request.app.state.services.metadata.location) or error
        _log.error("the metadata database does not answer: %s", reason)
        message = "The metadata database does not answer; see /health/db for the reason."
        return _respond(503, "DATABASE_UNAVAILABLE", message)

    @app.exception_handler(duckdb.OutOfMemoryException)
    async def _memory(_request: Request, error: duckdb.OutOfMemoryException) -> JSONResponse:
        _log.error("a query found no memory: %s", error)
        message = "Too many big queries are under way: try again in a moment."
        return _respond(503, "BUSY", message, headers={"Retry-After": "5"})

    @app.exception_handler(AuditUnavailableError)
    async def _audit(_request: Request, error: AuditUnavailableError) -> JSONResponse:
        _log.error("the audit log cannot be written: %s", error)
        message = "The audit log cannot be written, so nobody is let in; see the API's log."
        return _respond(503, "AUDIT_UNAVAILABLE", message)
