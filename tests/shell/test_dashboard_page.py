"""The dashboard's page: its frame, its address, its history, the full screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browsing import PATIENCE
from tests.shell.people import People, Person, wait_until_drawn

if TYPE_CHECKING:
    from playwright.sync_api import FrameLocator, Page, Route

pytestmark = [pytest.mark.stack, pytest.mark.browser]

RISK = "/tenant/acme-corp/dashboard/risk-analysis"
CLV = "/tenant/acme-corp/dashboard/customer-lifetime-value"


def settle(frame: FrameLocator) -> None:
    """Wait until nothing is on its way to the dashboard."""
    frame.locator('#kyros-content[aria-busy="false"]').wait_for(state="attached")


def open_risk(person: Person, query: str = "") -> FrameLocator:
    """Sign in on the way to the risk dashboard, and wait for it."""
    person.sign_in("analyst@acme.com", path=RISK + query)
    settle(person.frame)
    return person.frame


def query(page: Page) -> str:
    """Return the query of the page's own address."""
    return page.url.partition("?")[2]


def choose_tab(frame: FrameLocator, name: str) -> None:
    """Open a tab of the dashboard."""
    frame.get_by_role("tab", name=name).click()
    expect_tab(frame, name)


def expect_tab(frame: FrameLocator, name: str) -> None:
    """Wait until that tab is the open one."""
    expect(frame.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")


def expect_query(page: Page, expected: str) -> None:
    """Wait until the address has this query."""
    end = re.escape(f"?{expected}") if expected else r"[^?]*"
    expect(page).to_have_url(re.compile(rf"^[^?]*{end}$"))


def top_of_frame(page: Page) -> float:
    """Return how far below the window's top the dashboard begins."""
    box = page.locator("iframe").bounding_box()
    assert box is not None
    return box["y"]


def test_the_frame_is_titled_and_fills_the_page(person: Person) -> None:
    """It has the dashboard's title and all height that is left; the page itself never scrolls."""
    open_risk(person)
    page = person.page
    frame = page.get_by_title(re.compile("Risk"))
    box = frame.bounding_box()
    assert box is not None
    assert box["width"] == 1280
    assert box["y"] + box["height"] == 900
    assert box["y"] <= 110
    scrolls = "document.documentElement.scrollHeight > document.documentElement.clientHeight"
    assert not page.evaluate(scrolls)
    assert frame.get_attribute("title") == page.get_by_role("heading", level=1).inner_text()
    assert person.witness.complaints == []


def test_an_outline_until_it_is_there(person: Person) -> None:
    """While the dashboard loads, an outline stands in its place and says so; then it is gone."""
    page = person.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/_dash-layout*", hold)
    with page.expect_request("**/_dash-layout*", timeout=PATIENCE):  # a busy machine is slow
        person.sign_in("analyst@acme.com", path=RISK)
    outline = page.get_by_text("The dashboard is loading.")
    expect(outline).to_be_attached()
    page.wait_for_timeout(1_000)
    expect(outline).to_be_attached()
    assert held
    held[0].continue_()
    expect(outline).to_have_count(0)
    settle(person.frame)


def test_what_is_chosen_is_in_the_address(person: Person) -> None:
    """Each choice is a step: Back goes through them one by one, and the dashboard follows."""
    frame = open_risk(person)
    page = person.page
    first = frame.get_by_role("tab").first.inner_text()
    steps = page.evaluate("history.length")
    tabs = frame.get_by_role("tab").all_inner_texts()
    choose_tab(frame, tabs[1])
    page.wait_for_url("**?tab=*")
    second = query(page)
    choose_tab(frame, tabs[2])
    page.wait_for_url(lambda url: "tab=" in url and second not in url)
    third = query(page)
    assert page.evaluate("history.length") == steps + 2

    page.go_back()
    expect_tab(frame, tabs[1])
    expect_query(page, second)
    page.go_back()
    expect_tab(frame, first)
    expect_query(page, "")
    page.go_forward()
    expect_tab(frame, tabs[1])
    page.go_forward()
    expect_tab(frame, tabs[2])
    expect_query(page, third)
    assert person.witness.complaints == []


def test_back_leaves_the_dashboard_in_one_step(person: Person) -> None:
    """From the view that was opened first, Back is the list; forward again is the last view."""
    person.sign_in("analyst@acme.com", path="/tenant/acme-corp")
    page = person.page
    page.get_by_role("link", name=re.compile("Risk")).click()
    page.wait_for_url("**/dashboard/**")
    frame = person.frame
    settle(frame)
    tab = frame.get_by_role("tab").all_inner_texts()[1]
    choose_tab(frame, tab)
    page.wait_for_url("**?tab=*")
    page.get_by_role("link", name="Dashboards", exact=True).click()
    page.wait_for_url("**/tenant/acme-corp")
    page.go_back()
    page.wait_for_url("**?tab=*")
    expect_tab(person.frame, tab)
    page.go_back()
    expect_query(page, "")
    expect(person.frame.get_by_role("tab").first).to_have_attribute("aria-selected", "true")
    page.go_back()
    page.wait_for_url("**/tenant/acme-corp")


def test_reload_keeps_the_view(person: Person) -> None:
    """So does going back after it."""
    frame = open_risk(person)
    page = person.page
    tab = frame.get_by_role("tab").all_inner_texts()[1]
    choose_tab(frame, tab)
    page.wait_for_url("**?tab=*")
    page.reload()
    expect_tab(person.frame, tab)
    settle(person.frame)
    page.go_back()
    expect_query(page, "")
    expect(person.frame.get_by_role("tab").first).to_have_attribute("aria-selected", "true")


def test_a_copied_link_opens_the_same_view(people: People) -> None:
    """In another browser, after signing in there: tab, filter and slider are as they were."""
    sender, receiver = people.new(), people.new()
    sender.sign_in("analyst@acme.com", path=CLV)
    frame = sender.frame
    settle(frame)
    frame.get_by_role("group").first.get_by_role("button").first.click()
    option = frame.get_by_role("option").nth(1)
    chosen = option.inner_text()
    option.click()
    sender.page.wait_for_url("**?*=*")
    choose_tab(frame, frame.get_by_role("tab").all_inner_texts()[1])
    sender.page.wait_for_url("**tab=*")
    settle(frame)

    receiver.sign_in("admin@acme.com", path=sender.page.url)
    settle(receiver.frame)
    assert query(receiver.page) == query(sender.page)
    expect(receiver.frame.get_by_role("group").first.get_by_role("button").first).to_contain_text(
        chosen
    )
    assert (
        receiver.frame.locator("#kyros-content").inner_text()
        == frame.locator("#kyros-content").inner_text()
    )


def test_the_theme_goes_along(person: Person) -> None:
    """What is chosen in the shell is worn by the dashboard: at once, and when it is opened."""
    frame = open_risk(person)
    page = person.page
    page.locator("summary").last.click()
    page.get_by_text("Dark", exact=True).click()
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
    assert "theme" not in page.url
    page.reload()
    expect(person.frame.locator("html")).to_have_attribute("data-theme", "dark")
    assert "theme" not in page.url


def test_a_link_brings_no_theme(person: Person) -> None:
    """Whoever follows a link keeps their own colours."""
    frame = open_risk(person, "?theme=dark")
    expect(frame.locator("html")).to_have_attribute("data-theme", "light")


def test_full_screen_and_back(person: Person) -> None:
    """The dashboard gets the whole screen with its name and the way back; Escape works too."""
    frame = open_risk(person)
    page = person.page
    above = top_of_frame(page)
    page.get_by_role("button", name="Full screen", exact=True).click()
    leave = page.get_by_role("button", name="Exit full screen")
    expect(leave).to_be_visible()
    page.wait_for_function("document.fullscreenElement !== null")
    assert top_of_frame(page) <= above - 50
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    wait_until_drawn(frame)
    leave.click()
    expect(leave).to_have_count(0)
    page.wait_for_function("document.fullscreenElement === null")
    assert top_of_frame(page) == above
    page.get_by_role("button", name="Full screen", exact=True).click()
    expect(leave).to_be_visible()
    page.evaluate("document.exitFullscreen()")  # what the browser does on Escape
    expect(page.get_by_role("button", name="Full screen", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        "/tenant/acme-corp/dashboard/nothing",
        "/tenant/nobody/dashboard/risk-analysis",
        "/tenant/nobody",
        "/tenant/beta-ind",
        "/tenant/beta-ind/dashboard/risk-analysis",
        "/tenant/..%2f..%2fapi/dashboard/risk-analysis",
        "/tenant/acme-corp/dashboard/%2e%2e%2f%2e%2e",
        "/tenant/acme-corp/dashboard/%00",
        "/tenant/acme-corp/dashboard/<script>alert(1)<%2fscript>",
        "/tenant/ACME-CORP",
        "/tenant/__proto__/dashboard/constructor",
        "/tenant/acme-corp/dashboard/" + "a" * 3000,
        "/tenant/acme-corp/dashboard/%ff",
    ],
)
def test_what_is_not_there_or_not_theirs(person: Person, path: str) -> None:
    """It is a 404, as a status and as a page that says nothing of anybody else's."""
    person.sign_in("analyst@acme.com", path="/tenants")
    answer = person.page.goto(path)
    assert answer is not None
    assert answer.status == 404
    expect(person.page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    assert "Beta Industries" not in person.page.content()
