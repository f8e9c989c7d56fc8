"""What a service counts of its requests, and where that can be read."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest
from prometheus_client import REGISTRY

from kyros_shared_config import (
    CacheMetrics,
    RequestLogMiddleware,
    ServiceSettings,
    count_denial,
    send_json,
    serving_metrics,
)
from kyros_shared_config._metrics import BoundedLabels, RequestMetrics

if TYPE_CHECKING:
    from collections.abc import MutableMapping


HOSTS = ("192.0.2.1", "127.0.0.1")  # the first is reserved for documentation, and nobody's


def counted(name: str, **labels: str) -> float:
    """Return the value of a series; 0 when there is none."""
    return REGISTRY.get_sample_value(name, labels) or 0


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


class Route:
    """What FastAPI leaves in the scope."""

    path = "/api/tenant/{tenant_id}"


async def ask(path: str, *, service: str, method: str = "GET", route: object = None) -> None:
    """Send one request through the middleware to an application that answers 403."""

    async def refuse(scope: Any, _receive: Any, send: Any) -> None:  # noqa: ANN401 - any ASGI app
        if route is not None:
            scope["route"] = route
        scope["state"]["log"]["tenant"] = "t1"
        await send_json(send, 403, {})

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(_message: MutableMapping[str, Any]) -> None:
        pass

    scope = {"type": "http", "method": method, "path": path, "headers": []}
    await RequestLogMiddleware(refuse, service=service)(scope, receive, send)


async def test_request_is_counted_by_its_template() -> None:
    """One request is one more of its route, method and status, and of its tenant."""
    await ask("/api/tenant/8e1b", service="counting", route=Route())
    labels = {"service": "counting", "route": Route.path, "method": "GET"}
    assert 1 == counted("kyros_http_requests_total", **labels, status="403")
    assert 1 == counted("kyros_http_request_duration_seconds_count", **labels)
    tenant = {"service": "counting", "tenant": "t1", "outcome": "refused"}
    assert 1 == counted("kyros_tenant_requests_total", **tenant)


async def test_unknown_paths_and_methods_are_one_series() -> None:
    """Whatever is typed makes no series of its own."""
    for number in range(50):
        await ask(f"/guess/{number}", service="guessed", method=f"GUESS{number}")
    labels = {"service": "guessed", "route": "unknown", "method": "OTHER", "status": "403"}
    assert 50 == counted("kyros_http_requests_total", **labels)


async def test_healthchecks_are_not_counted() -> None:
    """They would hide how long people wait."""
    await ask("/health", service="healthy", route=Route())
    names = {"service": "healthy", "route": Route.path, "method": "GET"}
    assert 0 == counted("kyros_http_request_duration_seconds_count", **names)


def test_tenants_are_bounded() -> None:
    """The first so many have a label of their own, and keep it; all others share one."""
    label = BoundedLabels(2, "other")
    assert ["a", "b", "other", "other", "a"] == [label(name) for name in "abcda"]


def test_no_answer_is_a_failure() -> None:
    """A request whose connection broke counts as failed, under a status of its own."""
    metrics = RequestMetrics("broken")
    metrics.record(route="/x", method="GET", status=None, seconds=0.1, tenant="t1")
    assert 1 == counted(
        "kyros_http_requests_total", service="broken", route="/x", method="GET", status="none"
    )
    tenant = {"service": "broken", "tenant": "t1", "outcome": "failed"}
    assert 1 == counted("kyros_tenant_requests_total", **tenant)


def test_caches_and_denials() -> None:
    """Looks into a cache are counted by what came of them, refusals by their code."""
    cache = CacheMetrics("keeping", "answers")
    cache.miss()
    cache.hit()
    cache.hit()
    count_denial("keeping", "TENANT_MISMATCH")
    names = {"service": "keeping", "cache": "answers"}
    assert 2 == counted("kyros_cache_requests_total", **names, result="hit")
    assert 1 == counted("kyros_cache_requests_total", **names, result="miss")
    assert 1 == counted("kyros_denials_total", service="keeping", code="TENANT_MISMATCH")


def test_port_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was counted is served at METRICS_PORT for the length of the block, and not after."""
    count_denial("serving", "TENANT_MISMATCH")
    port = free_port()
    monkeypatch.setenv("METRICS_PORT", str(port))
    with serving_metrics(ServiceSettings()), urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        assert 'kyros_denials_total{code="TENANT_MISMATCH",service="serving"} 1.0' in (
            answer.read().decode()
        )
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_own_address_among_several(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where several machines share a name, the port is opened at the address of this one."""
    port = free_port()
    addresses = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (host, port)) for host in HOSTS]
    monkeypatch.setattr(
        "kyros_shared_config._metrics.getaddrinfo", lambda *_args, **_kwargs: addresses
    )
    monkeypatch.setenv("METRICS_PORT", str(port))
    with (
        serving_metrics(ServiceSettings(metrics_host="api-metrics")),
        socket.create_connection((HOSTS[1], port)),
    ):
        pass


def test_off_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without METRICS_PORT no port is opened."""

    def refuse(*_args: object) -> None:
        raise AssertionError("a port was opened")

    monkeypatch.delenv("METRICS_PORT", raising=False)
    monkeypatch.setattr("kyros_shared_config._metrics.start_http_server", refuse)
    with serving_metrics(ServiceSettings()):
        pass


def test_port_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that cannot be had is said in one sentence with the remedy."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("METRICS_PORT", str(taken.getsockname()[1]))
        with (
            pytest.raises(RuntimeError, match="set METRICS_PORT to a free port"),
            serving_metrics(ServiceSettings()),
        ):
            pass
