"""The id that ties together what every service logged of one request."""

from __future__ import annotations

import re
import uuid
from contextvars import ContextVar

HEADER = b"x-request-id"
_FORM = re.compile(r"[A-Za-z0-9._-]{1,64}")
request_id_var: ContextVar[str | None] = ContextVar("kyros_request_id", default=None)


def current_request_id() -> str | None:
    """Return the id of the request being answered, None outside of one."""
    return request_id_var.get()


def accept_or_make(value: str | None) -> str:
    """Take the caller's id when it is harmless in a log line and a header; else make one."""
    return value if value and _FORM.fullmatch(value) else uuid.uuid4().hex
