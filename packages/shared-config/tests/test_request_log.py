"""What every service does around a request: an id, one log line, and never a traceback outside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from kyros_shared_config import (
    RequestLogMiddleware,
    configure_logging,
    current_request_id,
    error_body,
    send_json,
)

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    Messages = list[MutableMapping[str, Any]]

pytestmark = pytest.mark.usefixtures("restored_logging")


async def call(app: Any, path: str = "/x", **headers: str) -> Messages:  # noqa: ANN401 - any ASGI app
    """Send one GET through the middleware and return what it answered."""
    sent: Messages = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "headers": raw}
    await RequestLogMiddleware(app, service="test")(scope, receive, send)
    return sent


async def echo_id(scope: Any, _receive: Any, send: Any) -> None:  # noqa: ANN401
    """Answer with the request id, and say for whom."""
    scope["state"]["log"]["tenant"] = "t1"
    await send_json(send, 200, {"id": current_request_id()})


async def fail(_scope: Any, _receive: Any, _send: Any) -> None:  # noqa: ANN401
    """Break."""
    raise RuntimeError("secret-inside")


def header(message: MutableMapping[str, Any], name: bytes) -> str:
    """Return one header of an answer."""
    return str(dict(message["headers"])[name].decode())


async def test_id_is_the_same_inside_and_outside() -> None:
    """The id that came goes out, is there inside, and is gone after the request."""
    start, body = await call(echo_id, **{"x-request-id": "abc"})
    assert "abc" == header(start, b"x-request-id") == json.loads(body["body"])["id"]
    assert current_request_id() is None


async def test_unexpected_failure() -> None:
    """What nobody caught is a 500 in the one form, with the id and nothing of the cause."""
    start, body = await call(fail)
    error = json.loads(body["body"])["error"]
    assert (500, "INTERNAL_ERROR") == (start["status"], error["code"])
    assert header(start, b"x-request-id") == error["request_id"]
    assert b"secret-inside" not in body["body"]


async def test_failure_after_the_answer_began() -> None:
    """An answer that has begun cannot be taken back: the connection is broken instead."""

    async def fail_late(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await fail(scope, receive, send)

    with pytest.raises(RuntimeError):
        await call(fail_late)


async def test_one_json_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The line says what, whose, how it ended, how long it took, and under which id."""
    configure_logging("api", "INFO", readable=False)
    await call(echo_id, path="/api/me", **{"x-request-id": "abc"})
    (line,) = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    expected = {"service": "api", "method": "GET", "path": "/api/me", "status": 200, "tenant": "t1"}
    assert expected.items() <= line.items()
    assert ("abc", True) == (line["request_id"], line["milliseconds"] >= 0)


async def test_secrets_and_healthchecks_stay_out(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither tokens nor healthchecks are logged."""
    configure_logging("api", "INFO", readable=True)
    await call(echo_id, authorization="Bearer secret-token")
    await call(echo_id, path="/health")
    text = capsys.readouterr().out
    assert "/x" in text
    assert "secret-token" not in text
    assert "/health" not in text


def test_error_form() -> None:
    """Code, message, details, time and id, and nothing else."""
    error = error_body("SOME_CODE", "A sentence.", {"allowed": [1]})["error"]
    assert ["code", "message", "details", "timestamp", "request_id"] == list(error)
    assert ("SOME_CODE", {"allowed": [1]}) == (error["code"], error["details"])
