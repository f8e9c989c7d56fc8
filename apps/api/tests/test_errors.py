"""The one form of errors, and the request's id."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from api_stage import bearer

from kyros_api.body_limit import LARGEST_BODY
from kyros_api.dashboards import endpoints

if TYPE_CHECKING:
    from api_stage import Stage

FORM = {"code", "message", "details", "timestamp", "request_id"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "NOT_FOUND"),
        ("DELETE", "/health", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/api/me", 401, "TOKEN_MISSING"),
        ("POST", "/api/auth/mock-login", 400, "INVALID_REQUEST"),
    ],
)
def test_one_form(stage: Stage, method: str, path: str, status: int, code: str) -> None:
    """Unknown routes, methods, missing tokens and bad bodies all answer alike."""
    answer = stage.client.request(method, path)
    error = answer.json()["error"]
    assert (status, code, FORM) == (answer.status_code, error["code"], set(error))
    assert answer.headers["X-Request-ID"] == error["request_id"]
    assert datetime.fromisoformat(error["timestamp"]).tzinfo is not None


def test_request_id_is_taken(stage: Stage) -> None:
    """A harmless id goes through; anything else is replaced, never echoed."""
    given = stage.client.get("/health", headers={"X-Request-ID": "abc-1.2_3"})
    assert "abc-1.2_3" == given.headers["X-Request-ID"]
    for hostile in ("a b", "x" * 65, "a\tb", "<script>", ""):
        made = stage.client.get("/health", headers={"X-Request-ID": hostile})
        assert 32 == len(made.headers["X-Request-ID"])


def test_unexpected_failure_leaks_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug is a 500 in the same form, without a word of what happened inside."""

    def fail(*_args: object) -> None:
        raise RuntimeError("secret-inside")

    monkeypatch.setattr(endpoints, "plan_rows", fail)
    token = stage.tenant_token("viewer@beta.com", "2450a2f8-3b7e-4eab-9b4a-1f73d9a0b1c4")
    answer = stage.client.get(
        "/api/dashboards/risk-analysis/data", headers={"Authorization": f"Bearer {token}"}
    )
    assert (500, "INTERNAL_ERROR") == (answer.status_code, answer.json()["error"]["code"])
    assert "secret-inside" not in answer.text
    assert answer.headers["X-Request-ID"] == answer.json()["error"]["request_id"]


@pytest.mark.parametrize("path", ["/api/auth/login", "/api/token", "/api/token/exchange"])
@pytest.mark.parametrize("chunked", [False, True])
def test_too_large(stage: Stage, path: str, chunked: bool) -> None:  # noqa: FBT001
    """A body beyond what there is a use for is refused, whether or not its length is told."""
    body = b"x" * (LARGEST_BODY + 1)
    content = iter([body[:1000], body[1000:]]) if chunked else body
    kind = "application/x-www-form-urlencoded" if path == "/api/token" else "application/json"
    header = {"Content-Type": kind, **bearer(stage.user_token("admin@acme.com"))}
    answer = stage.client.post(path, content=content, headers=header)
    assert (413, "PAYLOAD_TOO_LARGE") == (answer.status_code, answer.json()["error"]["code"])


@pytest.mark.parametrize("path", ["/health", "/api/me", "/nowhere", "/api/auth/options"])
def test_headers(stage: Stage, path: str) -> None:
    """Every answer is what it says it is, for nobody to keep, and says nothing of the server."""
    headers = stage.client.get(path).headers
    assert ("nosniff", "no-store") == (headers["X-Content-Type-Options"], headers["Cache-Control"])
    assert "Server" not in headers
