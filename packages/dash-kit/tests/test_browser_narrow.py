"""On a telephone: filters that are folded, tabs that go on, and hints that a finger can open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from kyros_dash_kit.sample import DASHBOARD
from kyros_dash_kit.sample.answers import sample_api
from tests.browsing import Browsed

if TYPE_CHECKING:
    from tests.browsing import Visits

pytestmark = pytest.mark.browser
PHONE = 360


@pytest.fixture(scope="module")
def browsed() -> Browsed:
    """The sample dashboard."""
    return Browsed(DASHBOARD, sample_api())


class TestFilters:
    """Where there is no room for them."""

    def test_folded(self, visits: Visits) -> None:
        """They are closed at first, open by the keyboard, and stay so when figures come."""
        here = visits.new(width=PHONE)
        page = here.open()
        summary = page.locator("#kyros-filters > summary")
        stress = page.get_by_role("slider", name="Stress")
        expect(stress).to_be_hidden()
        expect(summary).to_have_text("Filters")

        summary.focus()
        page.keyboard.press("Enter")
        expect(stress).to_be_visible()
        here.choose("Part", "Half")
        page.wait_for_url("**part=half")
        here.settle()

        expect(stress).to_be_visible()
        expect(summary).to_have_text("Filters1 active")

    def test_count(self, visits: Visits) -> None:
        """Those of the open tab count that are not as they were; clearing them clears the count."""
        here = visits.new(width=PHONE)
        page = here.open("?part=half&stress=2")
        active = page.locator("#kyros-active-filters")
        expect(active).to_have_text("2 active")

        here.tab("Items").click()
        expect(active).to_have_text("1 active")
        here.tab("How it is made").click()

        expect(page.locator("#kyros-filters")).to_be_hidden()

    def test_room(self, visits: Visits) -> None:
        """Where there is room, they are open and nothing says that they could be folded."""
        here = visits.new()
        page = here.open("?part=half")
        expect(page.locator("#kyros-filters > summary")).to_be_hidden()
        expect(page.get_by_role("slider", name="Stress")).to_be_visible()

        page.set_viewport_size({"width": PHONE, "height": 800})

        expect(page.get_by_role("slider", name="Stress")).to_be_hidden()
        expect(page.locator("#kyros-active-filters")).to_be_visible()
        page.set_viewport_size({"width": 1000, "height": 800})
        expect(page.get_by_role("slider", name="Stress")).to_be_visible()


def test_tabs_go_on(visits: Visits) -> None:
    """A bar of tabs that is longer than the screen says on which side there are more."""
    here = visits.new(width=180)
    page = here.open()
    bar = page.locator(".tab-bar")
    expect(bar).to_have_attribute("data-more", "right")

    here.tab("Items").click()
    expect(bar).to_have_attribute("data-more", "left")

    page.set_viewport_size({"width": 1280, "height": 800})
    expect(bar).to_have_attribute("data-more", "")


class TestHints:
    """What a term means, on request."""

    def test_keyboard(self, visits: Visits) -> None:
        """Enter opens it and once more closes it; so do Escape and going on."""
        here = visits.new()
        page = here.open()
        button = page.get_by_role("button", name="About “Number”")
        hint = page.locator("#kyros-hint")

        for close in ("Enter", "Escape", "Tab"):
            button.focus()
            page.keyboard.press("Enter")
            expect(hint).to_be_visible()
            expect(hint).to_have_text("What the API answered.")
            expect(button).to_have_attribute("aria-expanded", "true")
            page.keyboard.press(close)
            expect(hint).to_be_hidden()
            expect(button).to_have_attribute("aria-expanded", "false")
        assert [] == here.witness.complaints

    def test_one_at_a_time(self, visits: Visits) -> None:
        """A click on another one shows that; a click elsewhere none, and changes nothing else."""
        here = visits.new(width=PHONE)
        page = here.open()
        hint = page.locator("#kyros-hint")
        page.locator("#kyros-filters > summary").click()

        page.get_by_role("button", name="About Stress").click()
        expect(hint).to_have_text("By how much all is multiplied.")
        box = hint.bounding_box()
        assert box
        assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE
        page.get_by_role("button", name="About “Number”").click()
        expect(hint).to_have_text("What the API answered.")
        page.get_by_role("heading", name="It is 3").click()

        expect(hint).to_be_hidden()
        assert "" == here.query

    def test_in_a_table(self, visits: Visits) -> None:
        """A term is explained where it stands first on its tab."""
        here = visits.new()
        page = here.open("?tab=details")
        term = page.get_by_role("rowheader", name="alpha").get_by_role("button")

        term.click()

        expect(page.locator("#kyros-hint")).to_have_text("How alike things are.")


def test_the_rest_of_a_notice(visits: Visits, browsed: Browsed) -> None:
    """What is long of it is folded, a remark a line; it stays open when figures change."""
    browsed.api.views = {"acme": {"numbers": {"number": [2]}}}
    here = visits.new()
    page = here.open()
    more = page.locator("#kyros-notice-details")
    expect(page.get_by_text("This tenant's numbers are made up.")).to_be_visible()
    expect(more).to_be_hidden()

    page.get_by_text("Read more").click()
    expect(more).to_be_visible()
    page.get_by_role("slider", name="Stress").press("ArrowRight")
    here.settle()

    expect(more).to_have_text("By the tests.\nOf the kit.")
    expect(more).to_be_visible()


@pytest.mark.parametrize("still", [False, True])
def test_a_grid_is_on_its_way(visits: Visits, browsed: Browsed, *, still: bool) -> None:
    """Until its rows are there it says so, by words and by the shape of rows; calmly if wished."""
    browsed.api.delay = lambda request: 1.0 if "data" in str(request.url) else 0.001
    here = visits.new(still=still)
    here.page.goto(here.address + "?tab=items")
    place = "document.querySelector('.grid-holder')"
    here.page.locator(".grid-holder:not([data-filled]) .grid").wait_for(state="attached")

    expect(here.page.locator("#items-grid-count")).to_have_text("Loading…")
    look = here.page.evaluate(f"({{...getComputedStyle({place}, '::before')}})")
    assert "none" if still else "breathe" == look["animationName"]
    assert "gradient" in look["backgroundImage"]
    expect(here.page.locator("#items-grid-count")).to_have_text("2,500 items")
    assert "none" == here.page.evaluate(f"getComputedStyle({place}, '::before').content")
