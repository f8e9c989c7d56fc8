"""What a reader chooses, and the URL that says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from kyros_dash_kit.sample import DASHBOARD
from kyros_dash_kit.sample.answers import sample_api
from tests.browsing import Browsed

if TYPE_CHECKING:
    from tests.browsing import Visits

COUNT_DRAWINGS = "it => { window.drawn = 0; it.on('plotly_afterplot', () => (window.drawn += 1)); }"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browsed() -> Browsed:
    """The sample dashboard."""
    return Browsed(DASHBOARD, sample_api())


def test_one_request_a_choice(visits: Visits) -> None:
    """One choice is one question to the server; its answer has only what is different."""
    here = visits.new()
    page = here.open()
    before = len(here.witness.fills())
    drawing = page.locator("#map .js-plotly-plot")
    drawing.locator(".hm image, .trace path, .point path").first.wait_for(state="attached")
    page.wait_for_timeout(500)  # a drawing may still be measured and set right after it is there
    drawing.evaluate(COUNT_DRAWINGS)

    here.choose("Part", "Half")
    expect(page.get_by_text("It is 2")).to_be_visible()
    here.settle()

    fills = here.witness.fills()[before:]
    assert 1 == len(fills)
    answer = fills[0].response()
    assert answer is not None
    changed = answer.json()["response"]
    assert "chart" in changed
    assert "map" not in changed
    assert 0 == page.evaluate("window.drawn")
    assert "part=half" == here.query
    assert [] == here.witness.complaints


def test_shared_link(visits: Visits) -> None:
    """A link opens the view that it was copied from: tab, filters, sliders, what was clicked."""
    here = visits.new()
    page = here.open("?part=half&span=13&stress=2.5")

    expect(here.drop_down("Part")).to_contain_text("Half")
    expect(here.drop_down("Over the next")).to_contain_text("3 months")
    assert "2.5" == page.get_by_role("slider", name="Stress").input_value()
    expect(page.locator("#numbers-key-figures")).to_contain_text("5")
    assert "part=half&span=13&stress=2.5" == here.query
    assert 1 == len(here.witness.fills())


def test_back_and_forth(visits: Visits) -> None:
    """The browser's buttons go from view to view, and the page follows."""
    here = visits.new()
    page = here.open()
    here.choose("Part", "Half")
    expect(page.get_by_text("It is 2")).to_be_visible()
    here.tab("How it is made").click()
    expect(page.get_by_role("heading", name="What was fitted")).to_be_visible()
    assert "part=half&tab=details" == here.query

    page.go_back()
    expect(page.get_by_text("It is 2")).to_be_visible()
    assert "part=half" == here.query
    page.go_back()
    expect(page.get_by_text("It is 3")).to_be_visible()
    assert "" == here.query
    expect(here.drop_down("Part")).to_contain_text("All of it")
    page.go_forward()
    expect(page.get_by_text("It is 2")).to_be_visible()
    here.settle()
    expect(here.drop_down("Part")).to_contain_text("Half")
    assert [] == here.witness.complaints


def test_default_is_left_out(visits: Visits) -> None:
    """What an open filter stands for is shown as chosen, and is not in the URL."""
    here = visits.new()
    page = here.open()
    filter_button = here.drop_down("Over the next")
    expect(filter_button).to_contain_text("1 year")

    here.choose("Over the next", "2 years")
    expect(page.locator("#kyros-summary")).to_contain_text("2 years")
    assert "span=104" == here.query
    here.choose("Over the next", "1 year")
    expect(page.locator("#kyros-summary")).to_contain_text("1 year")

    assert "" == here.query


def test_slider(visits: Visits) -> None:
    """A slider follows the keyboard, changes figures, and leaves one entry in the history."""
    here = visits.new()
    page = here.open()
    entries = page.evaluate("history.length")
    slider = page.get_by_role("slider", name="Stress")

    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#numbers-key-figures")).to_contain_text("4.5")
    page.wait_for_url("**stress=1.5")

    assert entries == page.evaluate("history.length")
    assert "1.5\N{NO-BREAK SPACE}\N{MULTIPLICATION SIGN}" == slider.get_attribute("aria-valuetext")
    expect(page.locator('[data-slider="stress"]')).to_contain_text("1.5")
    slider.press("Home")
    page.wait_for_url("**stress=0.5")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#numbers-key-figures")).to_contain_text("$3,000")
    page.wait_for_url(lambda url: "?" not in url)


def test_tabs_by_keyboard(visits: Visits) -> None:
    """Arrows go from tab to tab, round the ends; only the open one is in the order of Tab."""
    here = visits.new()
    page = here.open()
    here.tab("Numbers").focus()

    page.keyboard.press("ArrowRight")
    expect(here.tab("How it is made")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="How it is made")).to_be_visible()
    page.keyboard.press("End")
    expect(here.tab("Items")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowRight")
    expect(here.tab("Numbers")).to_be_focused()
    page.keyboard.press("ArrowLeft")

    expect(page.get_by_role("tabpanel", name="Items")).to_be_visible()
    assert "tab=items" == here.query
    assert [-1, -1, 0] == [
        one.evaluate("it => it.tabIndex") for one in page.get_by_role("tab").all()
    ]


def test_drop_downs_by_keyboard(visits: Visits) -> None:
    """Tab and Shift+Tab go from one named control to the next, and open a drop-down."""
    here = visits.new()
    page = here.open()
    here.tab("Numbers").focus()
    steps = []
    for key in ["Tab"] * 4 + ["Shift+Tab"] * 4:
        page.keyboard.press(key)
        focused = "document.activeElement.ariaLabel ?? document.activeElement.id"
        steps.append(page.evaluate(focused))

    there = ["part", "span", "About Stress", "stress"]
    assert [*there, "About Stress", "span", "part", "kyros-tab-numbers"] == steps
    assert 0 == page.locator("[aria-hidden=true][tabindex='0']").count()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    opened = page.get_by_role("dialog", name="Part").get_by_role("listbox", name="Part")
    expect(opened.get_by_role("option", name="Half", exact=True)).to_be_visible()


def test_open_tab_on_a_phone(visits: Visits) -> None:
    """The open tab is on the screen: opened by a link, chosen by hand, or by the back button."""
    here = visits.new(width=320)
    page = here.open("?tab=items")
    expect(here.tab("Items")).to_be_in_viewport(ratio=0.95)

    here.tab("How it is made").click()
    expect(here.tab("How it is made")).to_be_in_viewport(ratio=0.95)
    here.tab("Numbers").click()
    expect(here.tab("Numbers")).to_be_in_viewport(ratio=0.95)
    page.go_back()
    page.go_back()

    expect(here.tab("Items")).to_be_in_viewport(ratio=0.95)
    assert 0 == page.evaluate("scrollY")


def test_filters_of_a_tab(visits: Visits) -> None:
    """A filter is shown on the tabs that it is for, and keeps its value on the others."""
    here = visits.new()
    page = here.open("?stress=2&tab=details")
    expect(page.get_by_role("slider", name="Stress")).to_be_hidden()
    expect(page.get_by_role("group", name="Part")).to_be_hidden()

    here.tab("Numbers").click()

    expect(page.get_by_role("slider", name="Stress")).to_be_visible()
    expect(page.get_by_text("It grows to 43.3 in a year")).to_be_visible()
    assert "stress=2" == here.query


def test_click_on_a_bar(visits: Visits) -> None:
    """A clicked bar is chosen in its filter; the same once more is chosen no longer."""
    here = visits.new()
    page = here.open()
    box = page.locator("#chart .point path").nth(1).bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] - 12

    page.mouse.click(*middle)
    expect(page.get_by_text("It is 1")).to_be_visible()
    expect(here.drop_down("Part")).to_contain_text("The rest")
    assert "part=rest" == here.query
    here.settle()
    page.mouse.click(*middle)
    expect(page.get_by_text("It is 3")).to_be_visible()

    assert "" == here.query


@pytest.mark.parametrize("query", ["?part=<b>", "?tab=nowhere", "?stress=9", "?stress=x&item=%00"])
def test_hostile_links(visits: Visits, query: str) -> None:
    """A link that somebody made up shows a page, in words, and runs nothing."""
    here = visits.new()
    here.page.goto(here.address + query)

    here.settle()

    expect(here.page.get_by_role("heading", level=1)).to_be_visible()
    assert [] == here.witness.complaints
