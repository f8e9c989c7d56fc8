"""The page within the shell: whose URL changes, who keeps the history, which theme is worn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from kyros_dash_kit.sample import DASHBOARD
from kyros_dash_kit.sample.answers import sample_api
from tests.browsing import Browsed

if TYPE_CHECKING:
    from playwright.sync_api import FrameLocator, Page

    from tests.browsing import Visits

# Stands in for the shell: it writes down what it is told, and can tell the page something.
SHELL = """<!doctype html><title>Around</title><iframe src="{src}" title="Within"
style="width:100%;height:95vh"></iframe><script>
window.told = [];
addEventListener("message", ({{data}}) => told.push(data));
window.tell = (data) => document.querySelector("iframe").contentWindow.postMessage(data, "*");
</script>"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browsed() -> Browsed:
    """The sample dashboard."""
    return Browsed(DASHBOARD, sample_api())


def embed(visits: Visits, query: str = "") -> tuple[Page, FrameLocator]:
    """Open the sample in a frame of a page of the same host."""
    here = visits.new()
    around = here.address + "assets/around"
    page = here.page
    body = SHELL.format(src=here.address + query)
    page.route(around, lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(around)
    frame = page.frame_locator("iframe")
    frame.locator('#kyros-content[aria-busy="false"]').wait_for(state="attached")
    return page, frame


def urls(page: Page) -> list[tuple[str, bool]]:
    """Return the URLs that the shell was told, each with whether it replaces the one before."""
    told = page.evaluate("told.filter((one) => one.type === 'kyros:url')")
    return [(one["search"], one["replace"]) for one in told]


def inner(page: Page) -> str:
    """Return the query of the frame's own URL."""
    return str(page.evaluate("document.querySelector('iframe').contentWindow.location.search"))


def test_what_is_chosen_is_told(visits: Visits) -> None:
    """The shell hears of each change, without the theme; the history gets no entry of the frame."""
    page, frame = embed(visits, "?theme=dark&x=1")
    assert {"type": "kyros:ready"} in page.evaluate("told")
    before = page.evaluate("history.length")
    frame.get_by_role("tab", name="How it is made").click()
    page.wait_for_function("told.some((one) => one.type === 'kyros:url')")
    assert [("x=1&tab=details", False)] == urls(page)
    assert "?theme=dark&x=1&tab=details" == inner(page)
    assert before == page.evaluate("history.length")


def test_it_goes_where_the_shell_goes(visits: Visits) -> None:
    """Told to go somewhere, it shows that, keeps its theme, and tells nothing back."""
    page, frame = embed(visits, "?theme=dark")
    page.evaluate("tell({type: 'kyros:go', search: 'tab=details'})")
    expect(frame.get_by_role("tab", name="How it is made")).to_have_attribute(
        "aria-selected", "true"
    )
    assert "?tab=details&theme=dark" == inner(page)
    page.evaluate("tell({type: 'kyros:go', search: ''})")
    expect(frame.get_by_role("tab", name="How it is made")).to_have_attribute(
        "aria-selected", "false"
    )
    assert "?theme=dark" == inner(page)
    assert [] == urls(page)


def test_it_wears_the_shells_theme(visits: Visits) -> None:
    """A theme that is chosen in the shell is worn at once; chosen no more, the system decides."""
    page, frame = embed(visits)
    page.evaluate("tell({type: 'kyros:theme', theme: 'dark'})")
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
    assert "?theme=dark" == inner(page)
    page.evaluate("tell({type: 'kyros:theme', theme: null})")
    expect(frame.locator("html")).to_have_attribute("data-theme", "light")
    assert "" == inner(page)


def test_nobody_else_is_listened_to(visits: Visits) -> None:
    """A message that is not the shell's changes nothing."""
    page, frame = embed(visits)
    page.frames[1].evaluate("postMessage({type: 'kyros:theme', theme: 'dark'}, '*')")
    page.evaluate("tell({type: 'kyros:unknown', theme: 'dark'})")
    page.wait_for_timeout(200)
    expect(frame.locator("html")).to_have_attribute("data-theme", "light")


def test_its_name_is_shown_once(visits: Visits) -> None:
    """The shell shows it right above, so the page has it for screen readers; alone it shows it."""
    _, frame = embed(visits)
    within = frame.get_by_role("heading", name="Sample", level=1)
    expect(within).to_have_css("clip-path", "inset(50%)")
    alone = visits.new().open().get_by_role("heading", name="Sample", level=1)
    expect(alone).to_have_css("clip-path", "none")
