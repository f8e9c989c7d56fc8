"""The one form in which every service says no."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from kyros_shared_config._request_id import current_request_id


def error_body(code: str, message: str, details: object = None) -> dict[str, Any]:
    """Build ``{"error": {code, message, details, timestamp, request_id}}``.

    Args:
        code: an upper-case name that programs can branch on.
        message: one sentence for a person, with the remedy.
        details: what helps to mend it; None where the sentence says it all.
    """
    return {
        "error": {
            "code": code,
            "message": message,
            "details": details,
            "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "request_id": current_request_id(),
        }
    }
