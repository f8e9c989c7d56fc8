"""WCAG 2.2 AA within the dashboards, as they stand in the shell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pytest
from playwright.sync_api import expect

from tests.shell.axe import findings

if TYPE_CHECKING:
    from playwright.sync_api import FrameLocator

    from tests.shell.people import People, Person

pytestmark = [pytest.mark.stack, pytest.mark.browser]

# Dash makes each option of a drop-down a label with the role of an option, and in it a hidden radio
# button that takes the focus. That is its markup, which it draws anew; an option is read out by its
# words all the same.
OPTION = ".dash-dropdown-content .dash-options-list-option"
OF_DASH = [("aria-allowed-role", OPTION), ("nested-interactive", OPTION)]


class Dashboard(NamedTuple):
    """One of the dashboards.

    Attributes:
        slug: in the shell's paths.
        tabs: how many it has; the last one has the grid.
        grid: the id of that grid.
        detail: the parameter that says of which row the detail is open.
    """

    slug: str
    tabs: int
    grid: str
    detail: str


class Screen(NamedTuple):
    """What it is seen on: pixels across, and whether the system is dark."""

    width: int
    dark: bool


CLV = Dashboard("customer-lifetime-value", 5, "customer-rows", "customer")
RISK = Dashboard("risk-analysis", 4, "grid", "account")
ROOM = 520  # pixels; on a narrower screen the filters are folded
each_dashboard = pytest.mark.parametrize("dashboard", [CLV, RISK], ids=lambda one: one.slug)
# Not all four pairs: a theme is the same on all widths, and axe takes its time for each drawing.
each_screen = pytest.mark.parametrize(
    "screen", [Screen(1280, dark=False), Screen(390, dark=True)], ids=["light desk", "dark phone"]
)


def open_dashboard(
    people: People, dashboard: Dashboard, screen: Screen, query: str = ""
) -> tuple[Person, FrameLocator]:
    """Bring somebody in front of it; returns its frame too."""
    # Without motion: what is half faded in has no contrast yet.
    person = people.new(width=screen.width, dark=screen.dark, still=True)
    path = f"/tenant/acme-corp/dashboard/{dashboard.slug}"
    person.sign_in("admin@acme.com", path=f"{path}?{query}" if query else path)
    settle(person.frame)
    expect(person.frame.locator("html")).to_have_attribute(
        "data-theme", "dark" if screen.dark else "light"
    )
    return person, person.frame


def settle(frame: FrameLocator) -> None:
    """Wait until nothing is on its way to the dashboard, not the rows of an open grid either."""
    frame.locator('#kyros-content[aria-busy="false"]').wait_for(state="attached")
    waiting = frame.locator(".tab-panel:not([hidden]) .grid-holder:not([data-filled])")
    expect(waiting).to_have_count(0)


def wrong(person: Person, where: str) -> list[str]:
    """Return what axe finds in the dashboard as it is now, and where that is."""
    dashboard = next(frame for frame in person.page.frames if "/dash/" in frame.url)
    return [f"{where}: {found}" for found in findings(dashboard, OF_DASH)]


@each_dashboard
@each_screen
def test_axe_finds_nothing_on_any_tab(people: People, dashboard: Dashboard, screen: Screen) -> None:
    """Nor with the detail of a row open."""
    person, frame = open_dashboard(people, dashboard, screen)
    tabs = frame.get_by_role("tab")
    expect(tabs).to_have_count(dashboard.tabs)
    found = []
    for tab in tabs.all():
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        settle(frame)
        found += wrong(person, tab.inner_text())
    frame.locator(f"#{dashboard.grid}").get_by_role("gridcell").first.click()
    person.page.wait_for_url(re.compile(rf"[?&]{dashboard.detail}="))
    expect(frame.locator(f"#{dashboard.detail}-panel")).to_be_visible()
    settle(frame)
    found += wrong(person, f"one {dashboard.detail}")
    assert [] == found, "\n".join(found)


@each_screen
def test_axe_finds_nothing_in_open_drop_downs(people: People, screen: Screen) -> None:
    """What opens is held to the same; one of these has so many options that it can be searched."""
    person, frame = open_dashboard(people, RISK, screen)
    if screen.width < ROOM:
        frame.get_by_text("Filters", exact=True).click()
    filters = frame.get_by_role("region", name="Filters").get_by_role("group")
    expect(filters).to_have_count(4)
    found = []
    for one in filters.all():
        one.locator("button:not(.term)").first.click()
        expect(one.get_by_role("option").first).to_be_visible()
        expect(one.locator(".dash-dropdown-content :focus")).to_have_count(1)
        found += wrong(person, one.locator("label").first.inner_text())
        person.page.keyboard.press("Escape")
    assert [] == found, "\n".join(found)


@each_dashboard
@each_screen
def test_axe_finds_nothing_in_what_unfolds(
    people: People, dashboard: Dashboard, screen: Screen
) -> None:
    """Nor in what is folded at first: a hint, the rest of a warning, the filters of a telephone."""
    person, frame = open_dashboard(people, dashboard, screen, "tab=model")
    frame.get_by_text("Read more").click()
    expect(frame.locator("#kyros-notice-details")).to_be_visible()
    frame.locator(".tab-panel:not([hidden]) .term").first.click()
    expect(frame.locator("#kyros-hint")).to_be_visible()
    found = wrong(person, "hint")
    frame.get_by_role("tab").last.click()
    settle(frame)
    if screen.width < ROOM:
        frame.get_by_text("Filters", exact=True).click()
    found += wrong(person, "filters")
    assert [] == found, "\n".join(found)


def test_axe_finds_nothing_where_there_are_no_figures(people: People) -> None:
    """The words in their place are a page like any other."""
    person, frame = open_dashboard(people, RISK, Screen(390, dark=True), "part=no:thing")
    expect(frame.get_by_role("main").get_by_role("alert")).to_be_visible()
    assert [] == wrong(person, "no figures")
