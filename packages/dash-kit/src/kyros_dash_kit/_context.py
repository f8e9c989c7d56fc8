"""Who is asking: what is known of the request being answered, after its token was verified.

It lives in a context variable, so that concurrent requests never see each other's; nothing of
a tenant is kept in a module or between requests.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kyros_shared_config import TenantClaims


@dataclass(frozen=True, slots=True)
class RequestContext:
    """What the gate verified of one request.

    Attributes:
        claims: what the tenant token says.
        token: the token itself, passed on to the API and shown nowhere.
        prefix: the path under which the browser sees this dashboard; None without a proxy.
    """

    claims: TenantClaims
    token: str = field(repr=False)
    prefix: str | None = None


_current: ContextVar[RequestContext | None] = ContextVar("kyros_request_context", default=None)


def find_context() -> RequestContext | None:
    """Return the context of the request being answered, None outside of one."""
    return _current.get()


def current_context() -> RequestContext:
    """Return the context of the request being answered.

    Raises:
        RuntimeError: no verified request is being answered.
    """
    context = _current.get()
    if context is None:
        raise RuntimeError("No verified request is being answered.")
    return context


class entered:  # noqa: N801 - reads as a word: `with entered(context):`
    """Make a context the current one for the length of a block."""

    def __init__(self, context: RequestContext) -> None:
        self._context = context

    def __enter__(self) -> None:
        self._reset = _current.set(self._context)

    def __exit__(self, *_: object) -> None:
        _current.reset(self._reset)
