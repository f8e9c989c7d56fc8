"""A page's callback, through HTTP."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from kyros_dash_kit import (
    Column,
    GridSlot,
    Hidden,
    Page,
    Slot,
    Tab,
    create_dash_app,
    register_page,
)
from kyros_dash_kit.sample import DASHBOARD, PAGE, load
from kyros_dash_kit.testing import Browser, FakeApi, make_settings, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp, Message


@pytest.fixture
def api() -> FakeApi:
    """Tenants with a number each, one that is broken and one without numbers."""
    return FakeApi(
        views={
            "acme": {"numbers": {"number": [1]}, "numbers?part=half": {"number": [0.5]}},
            "beta": {"numbers": {"number": [2]}},
            "broken": {"numbers": {"number": ["broken"]}},
            "empty": {"numbers": {"number": []}},
        },
        tenants={"acme": {"primary_color": "#0052cc", "currency": "USD"}},
    )


@pytest.fixture
async def http(api: FakeApi) -> AsyncIterator[httpx2.AsyncClient]:
    """Speaks to the sample dashboard while it runs, as in production."""
    app = create_dash_app(DASHBOARD, make_settings(), transport=api.transport)
    async with running(app) as client:
        yield client


async def fill(http: httpx2.AsyncClient, tenant_id: str, **state: object) -> dict[str, Any]:
    """Run the sample page's callback for a tenant."""
    return await Browser(http, "sample", tenant_id).fill(**state)


async def test_shown(http: httpx2.AsyncClient) -> None:
    """One round trip fills title, figure, numbers, filters and the tenant's colour."""
    filled = await fill(http, "acme", theme="light")

    assert "It is 1" == filled["chart-title"]["children"]
    assert [1.0, 0.5] == filled["chart"]["figure"]["data"][0]["y"]
    assert filled["chart-csv"]["href"].endswith("half,1.0%0D%0Arest,0.5%0D%0A")
    assert [
        {"value": "half", "label": "Half"},
        {"value": "rest", "label": "The rest"},
    ] == filled["part"]["options"]
    assert {"--accent": "#0052cc"} == filled["kyros-page"]["style"]
    assert filled["kyros-status"]["hidden"]
    assert not filled["kyros-content"]["hidden"]


async def test_filter(http: httpx2.AsyncClient) -> None:
    """A filter's value reaches the API."""
    filled = await fill(http, "acme", theme="light", part="half")

    assert "It is 0.5" == filled["chart-title"]["children"]


async def test_dark(http: httpx2.AsyncClient) -> None:
    """The theme that the reader sees is the figure's."""
    light = await fill(http, "acme", theme="light")
    dark = await fill(http, "acme", theme="dark")

    colours = [one["chart"]["figure"]["layout"]["font"]["color"] for one in (light, dark)]
    assert ["#1a1f26", "#e9ecef"] == colours


async def test_empty(http: httpx2.AsyncClient) -> None:
    """Nothing to show is said in words, in the place of the charts."""
    filled = await fill(http, "empty", theme="light")

    assert "No numbers are loaded." == filled["kyros-status-message"]["children"]
    assert filled["kyros-content"]["hidden"]
    assert filled["kyros-retry"]["hidden"]


@pytest.mark.parametrize(
    ("tenant_id", "state", "title"),
    [
        ("stranger", {}, "No access to this dashboard"),
        ("acme", {"part": "third"}, "This selection does not exist"),
        ("broken", {}, "The figures could not be loaded"),
    ],
)
async def test_refused(
    http: httpx2.AsyncClient, tenant_id: str, state: dict[str, str], title: str
) -> None:
    """A refusal is said in words and hides the charts; trying again would not help."""
    filled = await fill(http, tenant_id, theme="light", **state)

    assert title == filled["kyros-status-title"]["children"]
    assert filled["kyros-content"]["hidden"]
    assert filled["kyros-clock"]["disabled"]
    assert filled["kyros-clear"]["hidden"] == ("part" not in state)


async def test_unexpected(http: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture) -> None:
    """An error of ours is in the log under the id that the reader is given."""
    filled = await fill(http, "broken", theme="light")

    request_id = filled["kyros-status-message"]["children"].split()[-1]
    assert "ZeroDivisionError" in caplog.text
    assert request_id == caplog.records[-1].__dict__["request_id"]


async def test_api_away() -> None:
    """While the API is away the page says so and tries again by itself."""

    def refuse(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused", request=request)

    app = create_dash_app(DASHBOARD, make_settings(), transport=httpx2.MockTransport(refuse))
    async with running(app) as http:
        filled = await fill(http, "acme", theme="light")

    assert "The data service is not answering" == filled["kyros-status-title"]["children"]
    assert not filled["kyros-retry"]["hidden"]
    assert not filled["kyros-clock"]["disabled"]


@pytest.mark.parametrize(
    "state", [None, [], "dark", {"theme": 1, "part": ["half"]}, {"part": "x" * 201}, {"part": ""}]
)
def test_untrusted_state(state: object) -> None:
    """Of what a browser sends, only what has the expected form is used."""
    selection = PAGE.selection(state)

    assert ("light", {}) == (selection.theme, selection.values)


@pytest.mark.parametrize("body", [[], "text", {}, {"output": 1}, {"output": "no.such"}, None])
async def test_other_callbacks(http: httpx2.AsyncClient, body: object) -> None:
    """A callback that the page does not have is refused in the form of errors."""
    answer = await Browser(http, "sample", "acme").post(body)

    assert (400, "INVALID_REQUEST") == (answer.status_code, answer.json()["error"]["code"])


async def test_broken_json(http: httpx2.AsyncClient) -> None:
    """So is a body that is not JSON."""
    browser = Browser(http, "sample", "acme")
    answer = await http.post(
        "/dash/sample/_dash-update-component", headers=browser.headers, content=b"{"
    )

    assert 400 == answer.status_code


async def test_nobody_waits(api: FakeApi) -> None:
    """A question that the page calls off is not worked on any further."""
    app = create_dash_app(DASHBOARD, make_settings(), transport=api.transport)
    async with running(app) as http:
        browser = Browser(http, "sample", "acme")
        body = json.dumps(await browser.question(theme="light")).encode()
        api.delay = lambda _request: 30.0

        status = await asyncio.wait_for(ask_and_leave(app, browser, body), timeout=10)

    assert 499 == status


async def ask_and_leave(app: ASGIApp, browser: Browser, body: bytes) -> int:
    """Send the body of a callback, go away, and return the status that nobody reads."""
    arriving: list[Message] = [{"type": "http.request", "body": body}, {"type": "http.disconnect"}]
    sent: list[Message] = []

    async def receive() -> Message:
        return arriving.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    headers = {**browser.headers, "Content-Type": "application/json"}
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/dash/sample/_dash-update-component",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    await app(scope, receive, send)
    status: int = sent[0]["status"]
    return status


async def test_only_what_changed(http: httpx2.AsyncClient) -> None:
    """Of what the page says that it shows already, nothing is sent again."""
    browser = Browser(http, "sample", "acme")
    first = await browser.fill(theme="light")
    again = await browser.fill(theme="light", shown=first["kyros-shown"]["data"])
    other = await browser.fill(theme="light", part="half", shown=first["kyros-shown"]["data"])

    assert {"kyros-shown"} == again.keys()
    assert again["kyros-shown"]["data"]["number"] == first["kyros-shown"]["data"]["number"] + 1
    assert "chart" in other
    assert "map" not in other
    assert "kyros-page" not in other


async def test_other_tabs(http: httpx2.AsyncClient) -> None:
    """What is on other tabs is neither loaded nor sent."""
    filled = await Browser(http, "sample", "acme").fill(theme="light")

    assert "parameters" not in filled
    assert "history" not in filled


@pytest.mark.parametrize(
    "shown",
    [
        [],
        "x",
        {"digests": []},
        {"digests": {"chart:chart": 1}, "number": "x", "defaults": [1]},
        {"digests": {str(number): "x" for number in range(1000)}},
    ],
)
async def test_untrusted_shown(http: httpx2.AsyncClient, shown: object) -> None:
    """A page that says nonsense of what it shows is sent everything."""
    filled = await Browser(http, "sample", "acme").fill(theme="light", shown=shown)

    assert "It is 1" == filled["chart-title"]["children"]
    assert filled["kyros-shown"]["data"]["digests"].keys() >= {"chart:chart", "status"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"tabs": []}, "needs a tab"),
        ({"tabs": [Tab("one", "One", [Slot("a", click="b")])]}, "Hidden\\('b'\\)"),
        ({"tabs": [Tab("one", "One", [Slot("a"), Slot("a")])]}, "'a' is the name of two"),
        ({"filters": [Hidden("tab")]}, "'tab' has a meaning"),
        ({"tabs": [Tab("g", "G", [GridSlot("x", [Column("a", "A")], "b")])]}, "no column 'b'"),
    ],
)
def test_pages_that_cannot_work(wrong: dict[str, Any], message: str) -> None:
    """A page that could not work says so when it is made."""
    given = {"filters": [], "tabs": [Tab("one", "One", [Slot("chart")])], **wrong}

    with pytest.raises(ValueError, match=message):
        Page("Title", "Question?", **given)


def test_rows_without_a_grid() -> None:
    """A grid without rows, or the other way round, is said to be so at the start."""
    with pytest.raises(ValueError, match="'items-grid' needs"):
        create_dash_app(
            replace(
                DASHBOARD, register=lambda dash, client: register_page(dash, client, PAGE, load)
            ),
            make_settings(),
        )


@pytest.mark.parametrize(
    ("stress", "expected"), [("2", 2.0), (None, 1.0), ("9", 1.0), ("nan", 1.0), ("1e400", 1.0)]
)
def test_slider(stress: str | None, expected: float) -> None:
    """A slider stands where the URL says, or at its default when that is not on it."""
    assert expected == PAGE.selection({"stress": stress}).number("stress")
