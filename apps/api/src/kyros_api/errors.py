"""Every error that the API answers with, in one form.

ApiError
├── BadRequestError   400
├── UnauthorizedError   401, with WWW-Authenticate
├── ForbiddenError    403
├── NotFoundError     404
└── UnavailableError  503
"""

import logging
from http import HTTPStatus
from typing import ClassVar

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from kyros_shared_config import TokenError, error_body

_log = logging.getLogger(__name__)
_CODES = {
    HTTPStatus.BAD_REQUEST: ("INVALID_REQUEST", "The request cannot be read."),
    HTTPStatus.NOT_FOUND: ("NOT_FOUND", "There is nothing at this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("METHOD_NOT_ALLOWED", "This address has no such method."),
}


class ApiError(Exception):
    """An answer other than success.

    Args:
        code: an upper-case name that programs can branch on.
        message: one sentence for a person.
        details: what helps to mend it.
    """

    status: ClassVar[HTTPStatus]

    def __init__(self, code: str, message: str, details: object = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details


class BadRequestError(ApiError):
    """The request does not make sense; its details say what would."""

    status = HTTPStatus.BAD_REQUEST


class ForbiddenError(ApiError):
    """Known, and not allowed."""

    status = HTTPStatus.FORBIDDEN


class NotFoundError(ApiError):
    """There is no such thing."""

    status = HTTPStatus.NOT_FOUND


class UnavailableError(ApiError):
    """Something that the API needs is away."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


def _respond(
    status: int, code: str, message: str, details: object = None, **headers: str
) -> JSONResponse:
    body = jsonable_encoder(error_body(code, message, details))
    return JSONResponse(body, status, headers={"Cache-Control": "no-store", **headers})


def add_error_handlers(app: FastAPI) -> None:
    """Turn what is known to go wrong into the one form; RequestLogMiddleware has the rest."""

    @app.exception_handler(ApiError)
    async def _api_error(_request: Request, error: ApiError) -> JSONResponse:
        return _respond(error.status, error.code, error.message, error.details)

    @app.exception_handler(TokenError)
    async def _token_error(_request: Request, error: TokenError) -> JSONResponse:
        challenge = f'Bearer realm="kyros", error="{error.code.lower()}"'
        return _respond(401, error.code, str(error), **{"WWW-Authenticate": challenge})

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
        return _respond(error.status_code, code, message, **dict(error.headers or {}))

    @app.exception_handler(SQLAlchemyError)
    async def _database(_request: Request, error: SQLAlchemyError) -> JSONResponse:
        _log.error("the metadata database does not answer: %s", error)
        message = "The metadata database does not answer; see /health/db for the reason."
        return _respond(503, "DATABASE_UNAVAILABLE", message)
