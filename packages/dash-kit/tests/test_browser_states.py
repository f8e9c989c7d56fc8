"""What a reader sees while figures come, when none come, and in other light."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import httpx2
import pytest
from playwright.sync_api import expect

from kyros_dash_kit.sample import DASHBOARD
from kyros_dash_kit.sample.answers import sample_api
from tests.browsing import Browsed

if TYPE_CHECKING:
    from tests.browsing import Visits

pytestmark = pytest.mark.browser
SHIFTS = """() => {
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) window.shifted += shift.value;
  }).observe({ type: "layout-shift", buffered: true });
}"""
PAPER = "getComputedStyle(document.body).backgroundColor"
TOPS = """() => [...document.querySelectorAll(".drawing")].map(
  (it) => Math.round(it.getBoundingClientRect().top + scrollY),
)"""


@pytest.fixture(scope="module")
def browsed() -> Browsed:
    """The sample dashboard."""
    return Browsed(DASHBOARD, sample_api())


def slow_for(part: str, seconds: float) -> object:
    """Return delays: long for what is asked with this in its address."""
    return lambda request: seconds if part in str(request.url) else 0.001


def away(request: httpx2.Request) -> NoReturn:
    """Be an API that does not answer."""
    raise httpx2.ConnectError("refused", request=request)


class TestOnTheirWay:
    """Before figures are there."""

    def test_skeleton(self, visits: Visits, browsed: Browsed) -> None:
        """Places are there at once, and nothing moves when they are filled."""
        browsed.api.delay = lambda _request: 1.0
        here = visits.new()
        here.page.goto(here.address)
        here.page.locator(".tab-panel:not([data-filled]) .drawing").first.wait_for()
        here.page.evaluate(SHIFTS)
        before = here.page.evaluate(TOPS)

        here.settle()

        moved = zip(before, here.page.evaluate(TOPS), strict=True)
        assert max(abs(first - then) for first, then in moved) <= 24  # a note is a line
        assert here.page.evaluate("window.shifted") < 0.1  # what Core Web Vitals call good

    def test_waiting(self, visits: Visits, browsed: Browsed) -> None:
        """While others come, the figures before stay where they are, marked as busy."""
        here = visits.new()
        page = here.open()
        before = page.evaluate(TOPS)
        browsed.api.delay = lambda _request: 1.0

        here.choose("Part", "The rest")

        expect(page.locator("#kyros-content")).to_have_attribute("aria-busy", "true")
        expect(page.get_by_text("It is 3")).to_be_visible()
        assert before == page.evaluate(TOPS)
        expect(page.get_by_text("It is 1")).to_be_visible()
        here.settle()
        assert before == page.evaluate(TOPS)

    def test_outdated(self, visits: Visits, browsed: Browsed) -> None:
        """A slow answer to an old question never takes the place of a newer one."""
        browsed.api.delay = slow_for("part=half", 1.5)  # type: ignore[assignment]
        here = visits.new()
        page = here.open()

        here.choose("Part", "Half")
        page.wait_for_url("**part=half")
        here.choose("Part", "The rest")
        expect(page.get_by_text("It is 1")).to_be_visible()
        here.settle()
        page.wait_for_timeout(2000)

        expect(page.get_by_text("It is 1")).to_be_visible()
        assert "part=rest" == here.query
        assert [None, "net::ERR_ABORTED", None] == [one.failure for one in here.witness.fills()]
        assert [] == here.witness.complaints

    def test_outdated_without_calling_off(self, visits: Visits, browsed: Browsed) -> None:
        """Nor would it if its request could not be called off: Dash ignores it then."""
        browsed.api.delay = slow_for("part=half", 1.5)  # type: ignore[assignment]
        here = visits.new()
        here.page.add_init_script("AbortController.prototype.abort = () => {};")
        page = here.open()

        here.choose("Part", "Half")
        page.wait_for_url("**part=half")
        with page.expect_response(lambda answer: "half" in (answer.request.post_data or "")):
            here.choose("Part", "The rest")
            expect(page.get_by_text("It is 1")).to_be_visible()
        page.wait_for_timeout(500)

        expect(page.get_by_text("It is 1")).to_be_visible()

    def test_slider_on_a_slow_line(self, visits: Visits, browsed: Browsed) -> None:
        """Figures follow a hand that does not stop: one question at a time, the last one counts."""
        here = visits.new()
        page = here.open()
        browsed.api.delay = lambda _request: 0.2
        before = len(here.witness.fills())

        page.get_by_role("slider", name="Stress").focus()
        for _ in range(20):
            page.keyboard.press("ArrowRight")
        expect(page.locator("#numbers-key-figures")).to_contain_text("$9,000")
        here.settle()

        asked = here.witness.fills()[before:]
        assert 2 <= len(asked) < 20
        assert {None} == {one.failure for one in asked}


class TestNoFigures:
    """When there are none."""

    def test_empty(self, visits: Visits, browsed: Browsed) -> None:
        """Nothing to show is said in words; tabs and filters stay."""
        browsed.api.views = {"acme": {**browsed.api.views["acme"], "numbers": {"number": []}}}
        here = visits.new()
        page = here.open()

        said = page.get_by_role("main").get_by_role("alert")
        expect(said).to_contain_text("No numbers are loaded.")
        expect(page.locator("#kyros-content")).to_be_hidden()
        here.choose("Part", "Half")
        expect(page.get_by_text("It is 2")).to_be_visible()
        expect(page.get_by_role("alert")).to_be_hidden()

    def test_denied(self, visits: Visits) -> None:
        """Who may not see the dashboard is told so, and whom to ask."""
        here = visits.new(tenant="stranger")
        page = here.open()

        expect(page.get_by_role("alert")).to_contain_text("No access to this dashboard")
        expect(page.get_by_role("button", name="Try again")).to_be_hidden()

    def test_selection_that_is_gone(self, visits: Visits) -> None:
        """A link to what the data no longer have leads on by one button."""
        here = visits.new()
        page = here.open("?part=third&stress=2")
        expect(page.get_by_role("alert")).to_contain_text("This selection does not exist")

        page.get_by_role("button", name="Clear all filters").click()

        expect(page.get_by_role("alert")).to_be_hidden()
        expect(page.get_by_text("It is 3")).to_be_visible()
        assert "" == here.query
        expect(page.get_by_role("slider", name="Stress")).to_have_value("1")
        expect(page.get_by_role("tab", name="Numbers")).to_be_focused()

    def test_api_away(self, visits: Visits, browsed: Browsed) -> None:
        """While the API is away the page says so, and comes back by itself."""
        delay = browsed.api.delay
        browsed.api.delay = away
        here = visits.new()
        page = here.open()
        expect(page.get_by_role("alert")).to_contain_text("The data service is not answering")
        expect(page.get_by_role("button", name="Try again")).to_be_visible()

        browsed.api.delay = delay

        expect(page.get_by_text("It is 3")).to_be_visible()
        expect(page.locator("#line .js-plotly-plot .trace").first).to_be_attached()
        expect(page.get_by_role("alert")).to_be_hidden()

    def test_dashboard_away(self, visits: Visits) -> None:
        """While the dashboard itself is away, it is waited for, and that is said."""
        here = visits.new()
        page = here.open()
        page.route("**/_dash-update-component**", lambda route: route.fulfill(status=503))
        here.choose("Part", "Half")
        expect(page.get_by_text("The dashboard is not answering. Trying again")).to_be_visible()

        page.unroute("**/_dash-update-component**")

        expect(page.get_by_text("It is 2")).to_be_visible()
        expect(page.locator("#kyros-notice")).to_have_count(0)


class TestLooks:
    """In other light, on other screens, without eyes."""

    def test_dark(self, visits: Visits) -> None:
        """In a dark system page and figures are dark; when that changes they follow."""
        here = visits.new(dark=True)
        page = here.open()
        title = page.locator("#chart .js-plotly-plot .ytitle")
        assert "rgb(21, 24, 29)" == page.evaluate(PAPER)
        expect(title).to_have_css("fill", "rgb(154, 164, 176)")

        page.emulate_media(color_scheme="light")

        expect(title).to_have_css("fill", "rgb(90, 101, 114)")
        assert "rgb(255, 255, 255)" == page.evaluate(PAPER)

    @pytest.mark.parametrize("query", ["", "?tab=details", "?tab=items&item=00001"])
    def test_phone(self, visits: Visits, query: str) -> None:
        """At 390 pixels nothing reaches beyond the screen."""
        here = visits.new(width=390)
        page = here.open(query)

        assert 390 == page.evaluate("document.documentElement.scrollWidth")
        assert [] == here.witness.complaints

    def test_no_motion(self, visits: Visits, browsed: Browsed) -> None:
        """Who wants no motion gets none, not even while waiting."""
        browsed.api.delay = lambda _request: 1.0
        here = visits.new(still=True)
        here.page.goto(here.address)
        here.page.locator(".tab-panel:not([data-filled]) .drawing").first.wait_for()

        assert 0 == here.page.evaluate("document.getAnimations().length")

    def test_names(self, visits: Visits) -> None:
        """Drawings, tables and controls have names, and tables heads."""
        here = visits.new()
        page = here.open()
        expect(page.get_by_role("img", name="A line from 0 to 21.6")).to_be_visible()
        expect(page.get_by_role("img", name="It is 3")).to_be_visible()
        expect(page.get_by_role("slider", name="Stress")).to_be_visible()
        expect(page.get_by_role("tablist")).to_be_visible()

        here.tab("How it is made").click()

        table = page.get_by_role("table", name="What was fitted")
        expect(table.get_by_role("columnheader", name="Meaning")).to_be_visible()
        expect(table.get_by_role("rowheader", name="alpha")).to_be_visible()


class TestFirstLoad:
    """What comes over the wire."""

    def test_without_a_grid(self, visits: Visits) -> None:
        """A first page is less than a megabyte, and has no script for what is not on it."""
        here = visits.new()
        here.open()

        assert here.witness.bytes_received() < 1_000_000
        assert [] == here.witness.asked_for("plotly.min.js")
        assert [] == here.witness.asked_for("dash_ag_grid")
        assert [] == here.witness.complaints

    def test_with_a_grid(self, visits: Visits) -> None:
        """With a grid it is little more than 1.4 MB."""
        here = visits.new()
        page = here.open("?tab=items")
        expect(page.locator("#items-grid-count")).to_have_text("2,500 items")

        assert here.witness.bytes_received() < 1_500_000
        assert [] == here.witness.complaints
