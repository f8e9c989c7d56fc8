"""Every code that the API says no with, and which endpoint or dependency says it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from kyros_api.metadata import HEAD
from kyros_shared_config import error_body

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

F = TypeVar("F", bound="Callable[..., Any]")
Scheme = Literal["userToken", "tenantToken"]
_DECLARED = "kyros_refusals"


class Refusal(NamedTuple):
    """One code: the status it comes with, and an example of what it says."""

    status: HTTPStatus
    message: str
    details: object = None


_BAD, _WHO, _NO = HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN
_NOTHING, _AWAY = HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE

REFUSALS: Mapping[str, Refusal] = {
    "INVALID_REQUEST": Refusal(
        _BAD,
        "The request is not of the right form.",
        [{"where": "query.limit", "problem": "Input should be greater than or equal to 1"}],
    ),
    "TOKEN_MISSING": Refusal(_WHO, "Send a bearer token in the Authorization header."),
    "TOKEN_INVALID": Refusal(_WHO, "The token is not valid."),
    "TOKEN_EXPIRED": Refusal(_WHO, "The token has expired: sign in again."),
    "TOKEN_REVOKED": Refusal(_WHO, "You have signed out: sign in again."),
    "INVALID_CREDENTIALS": Refusal(_WHO, "The email or the password is wrong."),
    "TENANT_ACCESS_DENIED": Refusal(_NO, "You have no access to this tenant."),
    "TENANT_MISMATCH": Refusal(_NO, "The token is for another tenant."),
    "ADMIN_REQUIRED": Refusal(_NO, "Only an admin of this tenant may see this."),
    "DASHBOARD_ACCESS_DENIED": Refusal(_NO, "This tenant does not have this dashboard."),
    "NOT_FOUND": Refusal(_NOTHING, "There is nothing at this address."),
    "USER_NOT_FOUND": Refusal(_NOTHING, "There is no demo user with this email."),
    "TENANT_NOT_FOUND": Refusal(_NOTHING, "This tenant is gone or not active."),
    "DASHBOARD_NOT_FOUND": Refusal(_NOTHING, "There is no dashboard of this name."),
    "DATA_NOT_FOUND": Refusal(
        _NOTHING,
        "There is no data for this dashboard that this version can read: seed or ingest some.",
    ),
    "VIEW_NOT_FOUND": Refusal(
        _NOTHING,
        "This dashboard has no such view.",
        {
            "allowed": [
                "account",
                "account_points",
                "amounts",
                "calibration",
                "dataset",
                "discrimination",
                "expected_loss",
                "exposure",
                "metrics",
                "model_card",
                "model_parameters",
                "score_distribution",
                "scorecard",
                "segments",
                "stress_curve",
                "summary",
            ]
        },
    ),
    "NOT_ACCEPTABLE": Refusal(
        HTTPStatus.NOT_ACCEPTABLE,
        "The rows come in none of the formats that `Accept` names.",
        {"allowed": ["application/json", "application/vnd.apache.arrow.stream", "text/csv"]},
    ),
    "PAYLOAD_TOO_LARGE": Refusal(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large: 64 KiB at most."
    ),
    "RATE_LIMITED": Refusal(
        HTTPStatus.TOO_MANY_REQUESTS,
        "Too many failed sign-ins; try again in 42 seconds.",
        {"retry_after": 42},
    ),
    "INTERNAL_ERROR": Refusal(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Something went wrong here; quote the request id when you report it.",
    ),
    "SIGN_IN_BUSY": Refusal(
        _AWAY, "Too many people sign in at this moment; try again in a few seconds."
    ),
    "BUSY": Refusal(_AWAY, "Too many big queries are under way: try again in a moment."),
    "TOO_MANY_DOWNLOADS": Refusal(
        _AWAY, "Too many big downloads are asked for at once: try again in a moment."
    ),
    "DATABASE_UNAVAILABLE": Refusal(
        _AWAY, "The metadata database does not answer; see /health/db for the reason."
    ),
    "DATABASE_NOT_MIGRATED": Refusal(
        _AWAY,
        "The database is not at this version's schema: run `nox -s seed`.",
        {"found": "0001", "expected": HEAD},
    ),
    "AUDIT_UNAVAILABLE": Refusal(
        _AWAY, "The audit log cannot be written, so nobody is let in; see the API's log."
    ),
}


class Declared(NamedTuple):
    """What an endpoint or a dependency asks for, and what it says no with."""

    codes: tuple[str, ...] = ()
    scheme: Scheme | None = None


def refuses(*codes: str, scheme: Scheme | None = None) -> Callable[[F], F]:
    """Declare what an endpoint answers with, or a dependency for each endpoint that has it.

    Args:
        codes: of :data:`REFUSALS`.
        scheme: the token that is asked for, when it is asked for here.
    """

    def declare(function: F) -> F:
        setattr(function, _DECLARED, Declared(codes, scheme))
        return function

    return declare


def declared(function: Callable[..., Any]) -> Declared:
    """Return what was declared of a function."""
    found: Declared = getattr(function, _DECLARED, Declared())
    return found


def example(code: str) -> dict[str, Any]:
    """Return the body of an answer with this code."""
    refusal = REFUSALS[code]
    error = error_body(code, refusal.message, refusal.details)["error"]
    made_up = {"timestamp": "2026-05-04T09:12:45.318+00:00", "request_id": "5d0c8f3a"}
    return {"error": error | made_up}
