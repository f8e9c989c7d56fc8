"""The customer value dashboard in a browser: clicks, one customer, a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clv_sample import DASHBOARD, NBSP, make_api
from playwright.sync_api import expect

from kyros_dash_app_clv import ids
from kyros_dash_app_clv.layout import PAGE
from tests.browsing import Browsed

if TYPE_CHECKING:
    from playwright.sync_api import Position

    from tests.browsing import Visits

pytestmark = pytest.mark.browser
WIDTHS = "() => [document.documentElement.scrollWidth, window.innerWidth]"
# Words of a drawing that stand out of it, and so are cut.
CUT = """() => [...document.querySelectorAll(".js-plotly-plot")].flatMap((plot) => {
  const frame = plot.getBoundingClientRect();
  return [...plot.querySelectorAll("svg.main-svg text")]
    .map((text) => [text.textContent, text.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0)
    .filter(([, box]) => box.left < frame.left - 1 || box.right > frame.right + 1)
    .map(([text]) => text);
})"""


@pytest.fixture(scope="module")
def browsed() -> Browsed:
    """The dashboard, and tenants with little data."""
    return Browsed(DASHBOARD, make_api())


def test_segment(visits: Visits) -> None:
    """A click on a segment's bar shows it alone, a second one shows all again."""
    here = visits.new()
    page = here.open()
    drawing = page.locator(f"#{ids.SEGMENTS} .nsewdrag")
    # Plotly takes clicks on a layer above the bars, for the point that it showed a label of.
    first_bar: Position = {"x": 8, "y": 34}

    drawing.hover(position=first_bar)
    expect(page.locator(f"#{ids.SEGMENTS} .hovertext")).to_contain_text("High value")
    drawing.click(position=first_bar)

    expect(here.drop_down("Value segment")).to_contain_text("High value")
    assert "segment=high" == here.query
    assert [] == here.witness.complaints


def test_horizon(visits: Visits) -> None:
    """The horizon and the rate that nobody chose are shown, and are not in the URL."""
    here = visits.new()
    here.open()

    expect(here.drop_down("Look ahead")).to_contain_text("52 weeks (a year)")
    expect(here.drop_down("Discount")).to_contain_text(f"10{NBSP}% a year")
    assert not here.query


def test_customer(visits: Visits) -> None:
    """A click on a customer shows the history under the grid; the panel can be closed."""
    here = visits.new()
    page = here.open(f"?tab={ids.CUSTOMERS_TAB}")
    expect(page.get_by_role("columnheader", name="Value, 52 weeks")).to_be_visible()

    page.get_by_role("gridcell", name="00007").click()

    expect(page.locator("#customer-panel-title")).to_have_text("Customer 00007")
    expect(page.locator("#customer-panel-note")).to_contain_text("has probably left")
    expect(page.locator(f"#{ids.HISTORY}-title")).to_contain_text("2 purchases for $30.50")
    assert f"tab={ids.CUSTOMERS_TAB}&customer=00007" == here.query
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#customer-panel-title")).to_be_hidden()
    assert f"tab={ids.CUSTOMERS_TAB}" == here.query
    assert [] == here.witness.complaints


@pytest.mark.parametrize("tab", [tab.id for tab in PAGE.tabs])
@pytest.mark.parametrize("tenant", ["acme", "plain"])
def test_phone(visits: Visits, tenant: str, tab: str) -> None:
    """Nothing is wider than a phone and no label is cut, with a model or without."""
    here = visits.new(tenant=tenant, width=390, dark=True)

    page = here.open(f"?tab={tab}&customer=00007")

    content, window = page.evaluate(WIDTHS)
    assert content <= window
    assert [] == page.evaluate(CUT)
    assert [] == here.witness.complaints
