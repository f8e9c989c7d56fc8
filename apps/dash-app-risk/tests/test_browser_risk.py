"""The credit risk dashboard in a browser: looking into a part, what-if, one account, a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from risk_sample import NBSP, TIMES
from risk_stage import DASHBOARD, fake_api

from tests.browsing import Browsed

if TYPE_CHECKING:
    from playwright.sync_api import Position

    from tests.browsing import Visits

pytestmark = pytest.mark.browser
WIDTHS = "() => [document.documentElement.scrollWidth, window.innerWidth]"


@pytest.fixture(scope="module")
def browsed() -> Browsed:
    """The dashboard, and tenants with little data."""
    return Browsed(DASHBOARD, fake_api())


def test_drill_down(visits: Visits) -> None:
    """A click on a bar looks into its part, which the next column cuts; clearing it goes back."""
    here = visits.new()
    page = here.open()
    note = page.locator("#loss-by-segment-note")
    expect(note).to_contain_text("By checking account")

    # Plotly takes clicks on a layer above the bars, for the point that it showed a label of.
    drawing = page.locator("#loss-by-segment .nsewdrag")
    first_bar: Position = {"x": 40, "y": 60}
    drawing.hover(position=first_bar)
    expect(page.locator("#loss-by-segment .hovertext")).to_contain_text("Overdrawn")
    drawing.click(position=first_bar)

    expect(note).to_contain_text("By savings")
    expect(page.locator("#kyros-summary")).to_contain_text("Checking account: Overdrawn")
    assert "part=checking%3AOverdrawn" == here.query
    page.go_back()
    expect(note).to_contain_text("By checking account")
    assert [] == here.witness.complaints


def test_back_from_a_chosen_cut(visits: Visits) -> None:
    """One press of the back button leaves a part, also when its own column was chosen to cut by."""
    here = visits.new()
    page = here.open()
    note = page.locator("#loss-by-segment-note")
    here.choose("Cut by", "Savings")
    expect(note).to_contain_text("By savings")
    drawing = page.locator("#loss-by-segment .nsewdrag")
    first_bar: Position = {"x": 40, "y": 60}
    drawing.hover(position=first_bar)
    expect(page.locator("#loss-by-segment .hovertext")).to_contain_text("Under 100")
    drawing.click(position=first_bar)
    expect(page.locator("#kyros-summary")).to_contain_text("Savings: Under 100")
    expect(here.drop_down("Cut by")).to_contain_text("Checking account")
    page.wait_for_url("**/?part=savings%3AUnder+100")
    here.settle()

    page.go_back()

    expect(note).to_contain_text("By savings")
    expect(here.drop_down("Cut by")).to_contain_text("Savings")
    assert "by=savings" == here.query
    here.settle()
    page.go_forward()
    expect(page.locator("#kyros-summary")).to_contain_text("Savings: Under 100")
    expect(here.drop_down("Cut by")).to_contain_text("Checking account")
    assert [] == here.witness.complaints


def test_own_lgd(visits: Visits) -> None:
    """The slider rests at the tenant's own LGD, and back there nothing is assumed any more."""
    here = visits.new(tenant="beta")
    page = here.open()
    slider = page.get_by_label("What if: LGD")
    expect(slider).to_have_value("55")
    expect(slider).to_have_attribute("aria-valuetext", f"55{NBSP}%")

    here.open("?stress=1.5&lgd=60")
    expect(slider).to_have_value("60")
    slider.fill("55")

    page.wait_for_url("**/?stress=1.5")
    here.settle()
    expect(slider).to_have_value("55")
    assert [] == here.witness.complaints


def test_what_if(visits: Visits) -> None:
    """The loss moves with the slider, and the setting is in the URL."""
    here = visits.new()
    page = here.open()

    page.get_by_label("What if: PD stress").fill("1.5")

    expect(page.locator("#loss-key-figures")).to_contain_text(f"+48{NBSP}% by the what-if")
    expect(page.locator("#loss-under-stress-title")).to_contain_text(f"At 1.5 {TIMES} PD")
    page.wait_for_url("**/?stress=1.5")
    assert [] == here.witness.complaints


def test_account(visits: Visits) -> None:
    """A click on an account explains its score; only the tenant's own segments are columns."""
    here = visits.new()
    page = here.open("?tab=accounts")
    expect(page.get_by_role("columnheader", name="Savings")).to_be_visible()
    headers = page.get_by_role("columnheader").all_inner_texts()
    expected = ["Account", "PD", "Expected loss", "Exposure", "Score", "Defaulted"]
    assert [*expected, "Checking account", "Savings"] == [header.strip() for header in headers]

    page.get_by_role("gridcell", name="G1").click()

    expect(page.locator("#account-panel-title")).to_have_text("Account G1")
    expect(page.locator("#account-points-title")).to_contain_text("scores 523")
    assert [] == here.witness.complaints


@pytest.mark.parametrize("tab", ["loss", "score", "model", "accounts"])
@pytest.mark.parametrize("tenant", ["acme", "unfit"])
def test_phone(visits: Visits, tenant: str, tab: str) -> None:
    """Nothing is wider than a phone, with a model or without."""
    here = visits.new(tenant=tenant, width=390, dark=True)

    page = here.open(f"?tab={tab}")

    content, window = page.evaluate(WIDTHS)
    assert content <= window
