"""What a dashboard counts, seen as Prometheus would read it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx2
import pytest
from prometheus_client import REGISTRY

from kyros_dash_kit import create_dash_app
from kyros_dash_kit.sample import DASHBOARD
from kyros_dash_kit.testing import Browser, FakeApi, make_settings, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

SERVICE = "dash-sample"


@contextmanager
def grows(name: str, labels: dict[str, str], by: int = 1) -> Iterator[None]:
    """Hold by how much a series is higher when the block ends."""
    before = REGISTRY.get_sample_value(name, labels) or 0
    yield
    assert before + by == REGISTRY.get_sample_value(name, labels)


def request(route: str, status: str, method: str = "GET") -> dict[str, str]:
    """Return the labels of a request."""
    return {"service": SERVICE, "route": route, "method": method, "status": status}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A reader of a tenant, in front of the sample dashboard."""
    api = FakeApi(views={"acme": {"numbers": {"number": [1]}}})
    async with running(
        create_dash_app(DASHBOARD, make_settings(), transport=api.transport)
    ) as http:
        yield Browser(http, "sample", "acme")


async def test_callback(browser: Browser) -> None:
    """A callback is counted as one, and with what it asks the API."""
    question = await browser.question()
    route = "/dash/sample/_dash-update-component"
    with (
        grows("kyros_dash_callbacks_total", {"dashboard": "sample", "outcome": "done"}),
        grows("kyros_dash_callback_duration_seconds_count", {"dashboard": "sample"}),
        grows("kyros_http_requests_total", request(route, "200", "POST")),
        grows(
            "kyros_tenant_requests_total",
            {"service": SERVICE, "tenant": "acme", "outcome": "ok"},
        ),
    ):
        await browser.post(question)
    assert REGISTRY.get_sample_value(
        "kyros_api_client_requests_total", {"dashboard": "sample", "status": "200"}
    )


async def test_unknown_callback_is_none(browser: Browser) -> None:
    """What is refused before it runs counts as a request alone."""
    before = REGISTRY.get_sample_value(
        "kyros_dash_callback_duration_seconds_count", {"dashboard": "sample"}
    )
    assert 400 == (await browser.post({"output": "nothing.here"})).status_code
    after = REGISTRY.get_sample_value(
        "kyros_dash_callback_duration_seconds_count", {"dashboard": "sample"}
    )
    assert before == after


async def test_silent_api() -> None:
    """A silent API is counted, and the callback as failed: readers see an apology."""

    def break_off(_request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("nobody there")

    app = create_dash_app(DASHBOARD, make_settings(), transport=httpx2.MockTransport(break_off))
    async with running(app) as http:
        with grows("kyros_dash_callbacks_total", {"dashboard": "sample", "outcome": "failed"}):
            await Browser(http, "sample", "acme").fill()
    assert REGISTRY.get_sample_value(
        "kyros_api_client_requests_total", {"dashboard": "sample", "status": "none"}
    )


async def test_refusal(browser: Browser) -> None:
    """Who brings no token is counted by the code of the refusal, under the route's name."""
    with (
        grows("kyros_denials_total", {"service": SERVICE, "code": "TOKEN_MISSING"}),
        grows("kyros_http_requests_total", request("/dash/sample/_dash-layout", "401")),
    ):
        await browser.http.get("/dash/sample/_dash-layout")


async def test_unknown_paths(browser: Browser) -> None:
    """Guesses share one series."""
    with grows("kyros_http_requests_total", request("unknown", "404"), by=3):
        for guess in ("a", "b", "../c"):
            await browser.get(f"guess/{guess}")


async def test_files(browser: Browser) -> None:
    """Files are counted by their folder, and found in memory the second time."""
    route = "/dash/sample/assets/{file}"
    cache = {"service": SERVICE, "cache": "files"}
    with (
        grows("kyros_http_requests_total", request(route, "200"), by=2),
        grows("kyros_cache_requests_total", {**cache, "result": "miss"}),
        grows("kyros_cache_requests_total", {**cache, "result": "hit"}),
    ):
        await browser.get("assets/kyros.js")
        await browser.get("assets/kyros.js")
