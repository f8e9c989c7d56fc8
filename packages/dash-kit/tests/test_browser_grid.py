"""A grid in a browser: rows as one scrolls, in order, searched, chosen, and as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from kyros_dash_kit.sample import DASHBOARD
from kyros_dash_kit.sample.answers import sample_api
from tests.browsing import Browsed

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browsing import Visit, Visits

pytestmark = pytest.mark.browser
ITEMS = "?tab=items"
HREF = "it => it.href"


@pytest.fixture(scope="module")
def browsed() -> Browsed:
    """The sample dashboard."""
    return Browsed(DASHBOARD, sample_api())


def row(page: Page, position: int) -> Locator:
    """Return a row of the grid by where it stands."""
    return page.locator(f'#items-grid .ag-row[row-index="{position}"]')


def open_items(visits: Visits, query: str = ITEMS) -> Visit:
    """Open the tab with the grid, and wait for its rows."""
    here = visits.new()
    here.open(query)
    expect(here.page.locator("#items-grid-count")).to_have_text("2,500 items")
    return here


def test_rows(visits: Visits) -> None:
    """The first rows come in the dashboard's order, written as their columns say."""
    here = open_items(visits)

    expect(row(here.page, 0)).to_contain_text("$1,005.96")
    expect(row(here.page, 0)).to_contain_text("1 Jan 1997")
    expect(here.page.get_by_role("columnheader", name="Value in a year")).to_have_attribute(
        "aria-sort", "descending"
    )
    assert 1 == len(here.witness.asked_for("_kyros-rows"))
    assert [] == here.witness.complaints


def test_scrolling(visits: Visits) -> None:
    """Further rows are read when they are scrolled to, a page at a time."""
    here = open_items(visits)

    here.page.locator("#items-grid .ag-body-viewport").evaluate("it => it.scrollTop = 34 * 1200")

    expect(row(here.page, 1205)).to_contain_text("%")
    asked = [one.url for one in here.witness.asked_for("_kyros-rows")]
    assert any("_offset=1200&_limit=100" in url for url in asked)
    assert len(asked) <= 4


def test_order(visits: Visits, browsed: Browsed) -> None:
    """A click on a column's title puts all rows in order, not only those that are there."""
    here = open_items(visits)

    here.page.get_by_role("columnheader", name="Item").click()

    expect(row(here.page, 0)).to_contain_text("00000")
    expect(row(here.page, 3)).to_contain_text("00003")
    assert "item_id" == browsed.api.requests[-1].url.params["sort"]


def test_search(visits: Visits, browsed: Browsed) -> None:
    """What is typed is searched for once the hand rests, and is in the URL."""
    here = open_items(visits)
    before = len(here.witness.fills())

    with here.page.expect_response(lambda answer: "item-search=007" in answer.url):
        here.page.get_by_label("Find an item").press_sequentially("007", delay=20)
    expect(row(here.page, 0)).to_be_visible()

    assert '{"item_id":{"contains":"007"}}' == browsed.api.requests[-1].url.params["filters"]
    assert 2 == len(here.witness.asked_for("_kyros-rows"))
    assert before == len(here.witness.fills())
    here.page.reload()
    expect(here.page.get_by_label("Find an item")).to_have_value("007")


def test_filter(visits: Visits, browsed: Browsed) -> None:
    """A filter of the page is one of the rows too."""
    here = open_items(visits)

    here.choose("Part", "Half")
    here.page.wait_for_url("**part=half**")
    here.settle()
    expect(row(here.page, 0)).to_contain_text("$")

    assert any('{"part":"half"}' == one.url.params.get("filters") for one in browsed.api.requests)


def test_choosing_a_row(visits: Visits) -> None:
    """A clicked row is in the URL and opens its panel; Close takes both back."""
    here = open_items(visits)
    page = here.page
    panel = page.get_by_role("region", name="Item 00804")

    row(page, 0).locator(".ag-cell").first.click()
    expect(panel).to_be_visible()
    expect(panel.get_by_role("heading", name="orders so far")).to_be_visible()
    assert "tab=items&item=00804" == here.query
    assert "chosen" in (row(page, 0).get_attribute("class") or "")
    panel.get_by_role("button", name="Close").click()

    expect(panel).to_be_hidden()
    assert "tab=items" == here.query
    assert 1 == len(here.witness.asked_for("_kyros-rows"))


def test_keyboard(visits: Visits) -> None:
    """Arrows go from row to row, Enter chooses."""
    here = open_items(visits)
    page = here.page

    row(page, 0).locator(".ag-cell").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("region", name="Item 01801")).to_be_visible()


def test_csv(visits: Visits) -> None:
    """The file has all rows that match, in the order that is shown."""
    here = open_items(visits)
    here.page.get_by_role("columnheader", name="Item").click()
    expect(row(here.page, 0)).to_contain_text("00000")

    link = here.page.locator("#items-grid-csv")
    file = here.page.evaluate("href => fetch(href).then((it) => it.text())", link.evaluate(HREF))

    lines = file.split("\r\n")
    assert "items-grid.csv" == link.get_attribute("download")
    assert 1 + 2500 + 1 == len(lines)
    assert "item_id,since,orders,share,value_52" == lines[0]
    assert lines[1].startswith("00000,")


def test_only_when_opened(visits: Visits) -> None:
    """The grid's scripts come with its tab, never before, and never those of the enterprise."""
    here = visits.new()
    here.open()
    assert [] == here.witness.asked_for("dash_ag_grid")

    here.tab("Items").click()
    expect(here.page.locator("#items-grid-count")).to_have_text("2,500 items")

    scripts = [one.url for one in here.witness.asked_for("dash_ag_grid")]
    assert 2 == len(scripts)
    assert not any("enterprise" in url for url in scripts)
    assert [] == here.witness.complaints


def test_failure(visits: Visits) -> None:
    """Rows that cannot be loaded are said to be so, and can be asked for once more."""
    here = visits.new()
    here.page.route("**/_kyros-rows**", lambda route: route.fulfill(status=503, body="{}"))
    here.open(ITEMS)
    again = here.page.get_by_role("button", name="Try again").locator("visible=true")
    expect(again).to_be_visible()

    here.page.unroute("**/_kyros-rows**")
    again.click()

    expect(here.page.locator("#items-grid-count")).to_have_text("2,500 items")


def test_nothing_found(visits: Visits, browsed: Browsed) -> None:
    """No rows are said to be none, in words."""
    rows = browsed.api.rows
    browsed.api.rows = {"acme": []}
    try:
        here = visits.new()
        here.open(ITEMS)
        expect(here.page.locator("#items-grid-count")).to_have_text("0 items")
    finally:
        browsed.api.rows = rows
