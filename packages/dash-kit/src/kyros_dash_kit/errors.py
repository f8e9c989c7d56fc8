"""What can go wrong between a dashboard and the API.

    DataError
    ├── ApiUnreachableError   nobody answered in time, or a 5xx: worth another try
    ├── SessionEndedError     the token is not accepted any more
    ├── AccessDeniedError     the tenant does not have this dashboard
    ├── DataMissingError      there is no such view, tenant or dashboard
    ├── SelectionError        a filter's value is not one of those allowed
    └── ApiFaultError         an answer that the contract does not know

Each says to a reader what happened and what to do, in ``title`` and ``advice``.
"""

from __future__ import annotations

from typing import ClassVar


class DataError(Exception):
    """The API gave no data.

    Attributes:
        title: what happened, in a few words.
        advice: what to do about it.
        retryable: whether the same request may succeed in a moment.
        clearable: whether it succeeds without filters.
        status: of HTTP, where it is passed on.
        code: the API's error code, empty when there was no answer.
    """

    title: ClassVar[str] = "The figures could not be loaded"
    advice: ClassVar[str] = "Please try again; if it stays so, tell your administrator."
    retryable: ClassVar[bool] = False
    clearable: ClassVar[bool] = False
    status: ClassVar[int] = 502

    def __init__(self, code: str = "") -> None:
        self.code = code
        super().__init__(f"{self.title}. {self.advice}")


class ApiUnreachableError(DataError):
    """Nobody answered in time, or a server failed."""

    title = "The data service is not answering"
    advice = "Trying again every few seconds. Nothing you did is lost."
    retryable = True
    status = 503


class SessionEndedError(DataError):
    """The token is not accepted any more."""

    title = "Your session has ended"
    advice = "Reload the page to sign in again."
    status = 401


class AccessDeniedError(DataError):
    """The tenant may not see this dashboard."""

    title = "No access to this dashboard"
    advice = "Ask your administrator to assign it to your organisation."
    status = 403


class DataMissingError(DataError):
    """There is no such view, tenant or dashboard, or no data for it."""

    title = "Nothing here yet"
    advice = "There is no data for this dashboard. Ask your administrator to load it."
    status = 404


class SelectionError(DataError):
    """A filter's value is not one of those allowed."""

    title = "This selection does not exist"
    advice = "Choose another value in the filters above, or clear them all."
    clearable = True
    status = 400


class ApiFaultError(DataError):
    """The API answered something that the contract does not know."""
