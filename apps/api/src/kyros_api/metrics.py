"""What the API counts besides its requests."""

from __future__ import annotations

from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

from prometheus_client import Counter, Gauge

from kyros_shared_config import CacheMetrics, count_denial

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICE = "api"
ANSWERS = CacheMetrics(SERVICE, "answers")
audit_backlog = Gauge(
    "kyros_audit_backlog_bytes", "Audit events that are written down and not in the table yet."
)


class Outcomes:
    """Counts how something ended: allowed, denied, throttled, or failed.

    Args:
        name: of the counter.
        about: what is counted.
    """

    def __init__(self, name: str, about: str) -> None:
        self._counter = Counter(name, about, ("outcome",))
        for outcome in ("allowed", "denied", "throttled", "failed"):
            self._counter.labels(outcome)  # a rate over a series that is not there yet is nothing

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count a block, by the status of the error that comes out of it, if one does."""
        outcome = "allowed"
        try:
            yield
        except Exception as error:
            outcome = _outcome(getattr(error, "status", HTTPStatus.INTERNAL_SERVER_ERROR))
            raise
        finally:
            self._counter.labels(outcome).inc()


def _outcome(status: HTTPStatus) -> str:
    if status is HTTPStatus.TOO_MANY_REQUESTS:
        return "throttled"
    return "denied" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "failed"


sign_ins = Outcomes("kyros_sign_ins", "Attempts to sign in.")
token_exchanges = Outcomes(
    "kyros_token_exchanges", "Attempts to exchange a verified user token for a tenant token."
)


def count_refusal(status: HTTPStatus, code: str) -> None:
    """Count an answer that refuses somebody for who they are, or for how often they came."""
    if status in {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.TOO_MANY_REQUESTS,
    }:
        count_denial(SERVICE, code)
