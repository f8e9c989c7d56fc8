"""WCAG 2.2 AA: for those who see, move or hear differently, and on a small screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pytest
from playwright.sync_api import expect

from tests.shell.axe import findings

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.shell.people import People, Person

pytestmark = [pytest.mark.stack, pytest.mark.browser]

SMALLEST_TARGET = 24  # pixels either way, as WCAG 2.5.8 has it
FEWEST_PIXELS = 360


class View(NamedTuple):
    """A page, and as whom it is seen.

    Attributes:
        path: of the page.
        email: of who is signed in; None for nobody.
    """

    path: str
    email: str | None = "admin@acme.com"


VIEWS = [
    View("/sign-in", None),
    View("/tenants"),
    View("/tenant/acme-corp"),
    View("/tenant/acme-corp/dashboard/risk-analysis"),
    View("/tenant/acme-corp/audit"),
    View("/tenant/acme-corp/audit?q=nothing-like-this"),
    View("/tenant/acme-corp/inspector"),
    View("/tenant/acme-corp/audit", "analyst@acme.com"),
    View("/nowhere"),
]
each_view = pytest.mark.parametrize("view", VIEWS, ids=lambda view: f"{view.path} {view.email}")

# What can be clicked and is smaller than it should be; links within a sentence may be.
SMALL = """least => [...document.querySelectorAll("a, button, input, select, summary")]
    .filter(one => one.checkVisibility() && one.type !== "hidden" && !one.closest("p"))
    .map(one => one.type === "radio" ? one.closest("label") : one)
    .filter(one => !one.classList.contains("sr-only"))
    .map(one => getComputedStyle(one, "::after").position === "absolute"
        ? one.closest("article, form") : one)  // all of the card is the target
    .map(one => ({ one, box: one.getBoundingClientRect() }))
    .filter(({ box }) => Math.min(box.width, box.height) < least)
    .map(({ one, box }) => `${one.outerHTML.slice(0, 120)} is ${box.width} by ${box.height}`)"""

# Where the focus is, whether something shows it, and whether something else lies over it.
FOCUS = """() => {
    const one = document.activeElement;
    const shown = one.type === "radio" ? one.closest("label") : one;
    const outlined = [undefined, "::after"].map(part => getComputedStyle(shown, part))
        .some(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
    const box = shown.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const group = "summary, label, form, article, li, header, main";
    const clear = top && (shown.contains(top) || top.closest(group) === shown.closest(group));
    const inside = box.bottom > 0 && box.top < innerHeight
        && box.right > 0 && box.left < innerWidth;
    return { html: one.outerHTML.slice(0, 120), outlined, clear: Boolean(clear), inside };
}"""


def see(person: Person, view: View) -> Page:
    """Show somebody a page, whole."""
    if view.email is not None:
        person.sign_in(view.email)
    person.page.goto(view.path)
    person.page.wait_for_load_state("load")
    expect(person.page.get_by_role("heading", level=1)).to_be_visible()
    return person.page


@each_view
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(people: People, view: View, dark: bool) -> None:  # noqa: FBT001
    """At a desk and on a telephone."""
    somebody = people.new(dark=dark)
    page = see(somebody, view)
    assert [] == findings(page)
    page.set_viewport_size({"width": FEWEST_PIXELS, "height": 800})
    assert [] == findings(page)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_open_menus(people: People, dark: bool) -> None:  # noqa: FBT001
    """What opens is held to the same."""
    somebody = people.new(dark=dark)
    page = see(somebody, View("/tenant/acme-corp"))
    for number in (0, -1):
        page.locator("header summary").nth(number).click()
        expect(page.locator("header details[open]")).to_have_count(1)
        assert [] == findings(page)
        page.keyboard.press("Escape")


@each_view
def test_fits_the_smallest_screen(people: People, view: View) -> None:
    """Nothing has to be scrolled sideways for, and what can be touched is large enough for that."""
    somebody = people.new(width=FEWEST_PIXELS)
    page = see(somebody, view)
    assert 0 == page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert [] == page.evaluate(SMALL, SMALLEST_TARGET)


@each_view
def test_focus_is_seen_wherever_it_goes(people: People, view: View) -> None:
    """Each stop of the Tab key is outlined, on the screen, and under nothing."""
    somebody = people.new()
    page = see(somebody, view)
    seen = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        where = page.evaluate(FOCUS)
        if where["html"].startswith(("<body", "<iframe")) or where["html"] in seen:
            break
        seen.add(where["html"])
        assert where["outlined"], where
        assert where["clear"], where
        assert where["inside"], where
    assert seen


def test_no_motion_for_who_wants_none(people: People) -> None:
    """Animations and transitions are as good as none."""
    somebody = people.new(still=True)
    page = see(somebody, View("/tenant/acme-corp"))
    moving = page.evaluate("""[...document.querySelectorAll("*")].filter(one => {
        const style = getComputedStyle(one);
        return [style.animationDuration, style.transitionDuration]
            .some(times => times.split(",").some(time => parseFloat(time) > 0.01));
    }).length""")
    assert 0 == moving


def go_to(page: Page, name: str | re.Pattern[str], *, key: str = "Tab") -> None:
    """Press Tab, or Shift+Tab to go back, until what is focused has this name."""
    focused = ""
    for _ in range(60):
        page.keyboard.press(key)
        focused = page.evaluate(
            """() => { const one = document.activeElement;
            if (one === document.body) return "";
            return [one.getAttribute("aria-label"), one.labels?.[0]?.textContent, one.textContent]
                .filter(Boolean).join(" ").trim(); }"""
        )
        if re.search(name, focused):
            return
    raise AssertionError(f"{name} cannot be reached; the focus is on {focused}")


def test_the_whole_journey_by_keyboard(person: Person) -> None:
    """From signing in over a dashboard, another theme and the audit log to signing out."""
    page = person.page
    page.goto("/")
    go_to(page, "admin@acme.com")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tenants")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    go_to(page, "Acme Corporation")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tenant/acme-corp")

    go_to(page, "Risk")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboard/**")
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_be_visible()

    go_to(page, "your menu")
    page.keyboard.press("Enter")
    go_to(page, "System|Light|Dark")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("Escape")
    expect(page.locator("header summary").last).to_be_focused()

    page.keyboard.press("Enter")
    go_to(page, "Audit log")
    page.keyboard.press("Enter")
    page.wait_for_url("**/audit")
    expect(page.get_by_role("heading", level=1)).to_have_text("Audit log")
    go_to(page, "Person, action")
    page.keyboard.type("sign_in")
    page.keyboard.press("Enter")
    page.wait_for_url("**/audit?q=sign_in")
    expect(page.locator("tbody tr").first).to_contain_text("Sign in")
    expect(page.get_by_label("Person, action or request id")).to_be_focused()

    # The way back: forwards there are two stops for each event that is listed.
    go_to(page, "your menu", key="Shift+Tab")
    page.keyboard.press("Enter")
    go_to(page, "Sign out")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in**")
