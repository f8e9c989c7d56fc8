"""The path from which a grid reads its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest

from kyros_dash_kit import create_dash_app
from kyros_dash_kit.sample import DASHBOARD
from kyros_dash_kit.sample.answers import sample_api
from kyros_dash_kit.testing import Browser, make_settings, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from kyros_dash_kit.testing import FakeApi

GRID = "items-grid"


@pytest.fixture
def api() -> FakeApi:
    """One tenant with items."""
    return sample_api()


@pytest.fixture
async def browser(api: FakeApi) -> AsyncIterator[Browser]:
    """A reader of that tenant."""
    async with running(
        create_dash_app(DASHBOARD, make_settings(), transport=api.transport)
    ) as http:
        yield Browser(http, "sample", "acme")


async def test_page_of_rows(browser: Browser, api: FakeApi) -> None:
    """Rows come as they are shown, under the grid's names, and only those asked for."""
    answer = (await browser.rows(GRID, _offset="2", _limit="3", part="half")).json()

    assert (2500, 3, "-value") == (answer["total"], len(answer["rows"]), answer["sort"])
    first = answer["rows"][0]
    assert ("00611", "00611", "$1,004.95") == (first["_key"], first["item_id"], first["value"])
    assert {"value": "Value in a year"} == answer["titles"]
    asked = api.requests[-1].url.params
    assert ("3", "2", "-value_52") == (asked["limit"], asked["offset"], asked["sort"])
    assert '{"part":"half"}' == asked["filters"]
    assert "item_id,since,orders,share,value_52" == asked["columns"]


async def test_search(browser: Browser, api: FakeApi) -> None:
    """What is searched for narrows the rows beside the page's filters."""
    await browser.rows(GRID, **{"item-search": " 07 ", "part": "rest"})

    filters = api.requests[-1].url.params["filters"]
    assert '{"part":"rest","item_id":{"contains":"07"}}' == filters


async def test_csv(browser: Browser, api: FakeApi) -> None:
    """As CSV all rows that match come, as a file that keeps nothing behind."""
    answer = await browser.rows(GRID, _format="csv", _sort="item_id")

    assert 'attachment; filename="items-grid.csv"' == answer.headers["Content-Disposition"]
    assert "no-store" == answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "1000000" == api.requests[-1].url.params["limit"]
    assert 2502 == len(answer.text.split("\r\n"))


@pytest.mark.parametrize(
    "asked",
    [
        {"_limit": "0"},
        {"_limit": "501"},
        {"_limit": "x"},
        {"_offset": "-1"},
        {"_offset": "99999999999"},
        {"_sort": "value_52; --"},
        {"_sort": "--value"},
    ],
)
async def test_refused(browser: Browser, api: FakeApi, asked: dict[str, str]) -> None:
    """What the grid itself would not ask for is refused, and not passed on."""
    answer = await browser.rows(GRID, **asked)

    assert 400 == answer.status_code
    assert [] == api.requests


async def test_no_such_grid(browser: Browser) -> None:
    """A grid that the page does not have has no rows."""
    assert 400 == (await browser.rows("customers")).status_code


@pytest.mark.parametrize("form", ["json", "csv"])
async def test_denied(browser: Browser, form: str) -> None:
    """A refusal of the API is passed on before the first byte, in the form of errors."""
    stranger = Browser(browser.http, "sample", "stranger")

    answer = await stranger.rows(GRID, _format=form)

    assert (403, "DASHBOARD_ACCESS_DENIED") == (answer.status_code, answer.json()["error"]["code"])


@pytest.mark.parametrize("form", ["json", "csv"])
async def test_api_away(form: str) -> None:
    """While the API is away that is said."""

    def refuse(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused", request=request)

    app = create_dash_app(DASHBOARD, make_settings(), transport=httpx2.MockTransport(refuse))
    async with running(app) as http:
        answer = await Browser(http, "sample", "acme").rows(GRID, _format=form)

    assert 503 == answer.status_code


async def test_without_token(browser: Browser) -> None:
    """Rows are behind the gate."""
    answer = await browser.http.get(f"/dash/sample/_kyros-rows?_grid={GRID}")

    assert 401 == answer.status_code
