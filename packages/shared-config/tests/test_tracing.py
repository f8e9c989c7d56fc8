"""What a service tells a collector of its requests, and that it does well without one."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from kyros_shared_config import (
    RequestLogMiddleware,
    ServiceSettings,
    configure_logging,
    load_settings,
    send_json,
    sending_traces,
    traced,
    traced_call,
)
from tests.collector import Collector, Span, collecting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping

pytestmark = pytest.mark.usefixtures("restored_logging")

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
SOUGHT = "sought-after"


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A collector that takes what it is sent."""
    with collecting() as collector:
        yield collector


def settings(endpoint: str | None) -> ServiceSettings:
    """Return settings of a service that sends its traces somewhere, or nowhere."""
    return ServiceSettings(otel_exporter_otlp_endpoint=endpoint)


class Route:
    """What FastAPI leaves in the scope."""

    path = "/api/tenant/{tenant_id}"


async def ask(
    *, status: int = 200, path: str = "/api/tenant/t1", headers: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Send one request through the middleware; return the headers with which it asks on."""
    passed_on: dict[str, str] = {}

    async def work(scope: Any, _receive: Any, send: Any) -> None:  # noqa: ANN401 - any ASGI app
        scope["route"] = Route
        scope["state"]["log"] |= {"tenant": "t1", "user": "u1"}
        with traced("duckdb query", {"db.system.name": "duckdb"}), traced_call("GET", "/x") as call:
            passed_on.update(call.headers)
            call.status = status
        await send_json(send, status, {})

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(_message: MutableMapping[str, Any]) -> None:
        pass

    raw = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    query = f"search={SOUGHT}".encode()
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": raw}
    await RequestLogMiddleware(work, service="test")(scope, receive, send)
    return passed_on


def named(collector: Collector, name: str) -> Span:
    """Return the only span of a name."""
    (span,) = [span for span in collector.spans if span.name == name]
    return span


async def test_a_request_is_one_trace(collector: Collector) -> None:
    """What came in, was worked on and was asked of others is told below the caller's span."""
    with sending_traces(settings(collector.endpoint), "test"):
        passed_on = await ask(
            headers={"traceparent": f"00-{TRACE}-{PARENT}-01", "x-request-id": "r1"}
        )
    request = named(collector, "GET /api/tenant/{tenant_id}")
    query, call = named(collector, "duckdb query"), named(collector, "GET /x")
    assert (request.parent, query.parent, call.parent) == (PARENT, request.span, query.span)
    assert {TRACE} == {span.trace for span in collector.spans}
    assert {"traceparent": f"00-{TRACE}-{call.span}-01"} == passed_on
    kinds = [span.kind.removeprefix("SPAN_KIND_") for span in (request, query, call)]
    assert ["SERVER", "INTERNAL", "CLIENT"] == kinds
    assert request.attributes == {
        "http.request.method": "GET",
        "http.route": "/api/tenant/{tenant_id}",
        "http.response.status_code": "200",
        "url.path": "/api/tenant/t1",
        "url.scheme": "http",
        "kyros.request_id": "r1",
        "kyros.tenant.id": "t1",
        "user.id": "u1",
    }
    assert "test" == request.service
    assert not any(span.failed for span in collector.spans)


async def test_the_query_is_not_told(collector: Collector) -> None:
    """What people look for leaves the service neither in a span nor in what is passed on."""
    with sending_traces(settings(collector.endpoint), "test"):
        await ask()
    assert collector.sent
    assert not any(SOUGHT.encode() in body for body in collector.sent)


@pytest.mark.parametrize(("status", "failed"), [(200, False), (403, False), (503, True)])
async def test_faults_are_told(collector: Collector, status: int, *, failed: bool) -> None:
    """A refusal is no fault; an answer that says "not now" is."""
    with sending_traces(settings(collector.endpoint), "test"):
        await ask(status=status)
    assert failed == named(collector, "GET /api/tenant/{tenant_id}").failed
    assert failed == named(collector, "GET /x").failed


async def test_what_breaks_is_told_by_its_kind_alone(collector: Collector) -> None:
    """What an error says may hold anything; the log has it."""
    with sending_traces(settings(collector.endpoint), "test"), pytest.raises(KeyError):  # noqa: SIM117
        with traced("part"):
            raise KeyError(SOUGHT)
    span = named(collector, "part")
    assert (True, {"error.type": "KeyError"}) == (span.failed, span.attributes)
    assert not any(SOUGHT.encode() in body for body in collector.sent)


async def test_healthchecks_are_left_out(collector: Collector) -> None:
    """They come every few seconds and say nothing; and the middleware makes no other spans."""
    with sending_traces(settings(collector.endpoint), "test"):
        await ask(path="/health")
    assert {"duckdb query", "GET /x"} == {span.name for span in collector.spans}


async def test_the_log_leads_to_the_trace(
    collector: Collector, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line of a request has the id under which the collector shows it."""
    configure_logging("test", "INFO", readable=False)
    with sending_traces(settings(collector.endpoint), "test"):
        await ask()
    (line,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert named(collector, "duckdb query").trace == line["trace_id"]


async def test_what_the_shell_leaves_out_is_left_out(
    collector: Collector, capsys: pytest.CaptureFixture[str]
) -> None:
    """A trace that begins as one not to be kept is not sent, and the log does not lead there."""
    configure_logging("test", "INFO", readable=False)
    with sending_traces(settings(collector.endpoint), "test"):
        passed_on = await ask(headers={"traceparent": f"00-{TRACE}-{PARENT}-00"})
    assert [] == collector.spans
    assert passed_on["traceparent"].endswith("-00")
    assert "trace_id" not in capsys.readouterr().out


async def test_without_a_collector_nothing_is_made() -> None:
    """Nobody is asked, and nothing is passed on."""
    with sending_traces(settings(None), "test"):
        assert {} == await ask(headers={"traceparent": f"00-{TRACE}-{PARENT}-01"})


def test_without_a_collector_nothing_is_loaded() -> None:
    """The library takes time and memory, which a service without a collector does not give."""
    program = "import kyros_shared_config, sys; print([m for m in sys.modules if 'opentel' in m])"
    done = subprocess.run(  # noqa: S603 - this very interpreter
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "[]" == done.stdout.strip()


async def test_a_silent_collector_holds_nobody_up(capsys: pytest.CaptureFixture[str]) -> None:
    """It takes connections and says nothing: requests do not wait, and a stop does so briefly."""
    configure_logging("test", "INFO", readable=False)
    with socket.create_server(("127.0.0.1", 0), backlog=50) as silent:
        began = time.monotonic()
        with sending_traces(settings(f"http://127.0.0.1:{silent.getsockname()[1]}"), "test"):
            for _ in range(600):  # more than go in one batch
                await ask()
            assert time.monotonic() - began < 1.5
        assert time.monotonic() - began < 4.5
    for thread in threading.enumerate():
        if thread is not threading.main_thread():
            thread.join(3)  # it gives up, and says so
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert 1 <= len([line for line in lines if line["level"] == "ERROR"]) <= 4  # one a batch
    assert not any("exception" in line for line in lines)


def test_an_address_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said before anything starts."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318")
    with pytest.raises(SystemExit, match="OTEL_EXPORTER_OTLP_ENDPOINT"):
        load_settings(ServiceSettings)
