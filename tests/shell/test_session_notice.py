"""Before a session ends: the person is told in time, and can go on where they were (WCAG 2.2.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import requests
from playwright.sync_api import expect

from tests.shell.accounts import ADMIN, ANALYST, PASSWORD, give_password
from tests.shell.axe import findings
from tests.shell.people import wait_until_drawn

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from benchmarks.production import Platform
    from tests.shell.conftest import Platforms
    from tests.shell.people import People, Person

pytestmark = [pytest.mark.stack, pytest.mark.browser]

VIEW = "/tenant/acme-corp/dashboard/risk-analysis?lgd=60"
ACCOUNTS = re.compile(r"/dashboard/risk-analysis\?(?=.*tab=accounts)(?=.*lgd=60)")
LIFETIME = 60  # seconds: the last quarter is enough for a busy machine
SOON = "56:00"  # minutes of the hour, which the page's clock skips

# Whether the middle of something is in sight, with nothing over it.
ON_TOP = """one => {
    const box = one.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return box.bottom <= innerHeight && one.contains(top);
}"""


def notice(page: Page) -> Locator:
    """Return the notice."""
    return page.get_by_role("region", name="Your session")


def open_near_the_end(person: Person, path: str) -> Page:
    """Open a tab whose clock goes on to shortly before the end of the session."""
    page = person.context.new_page()
    page.clock.install()
    page.goto(path)
    page.locator("header").wait_for()
    if "/dashboard/" in path:
        wait_until_drawn(page.frame_locator("iframe"))
    expect(notice(page)).to_have_count(0)
    page.clock.fast_forward(SOON)
    expect(notice(page).get_by_role("status")).to_have_text("Your session ends in 4 minutes.")
    return page


def test_signing_in_again_leads_back_to_the_same_view(people: People, platforms: Platforms) -> None:
    """The session ends, the password alone is asked for, and each tab is where it was."""
    with platforms.running(USER_TOKEN_SECONDS=str(LIFETIME)) as own:
        give_password(own, ANALYST)
        person = people.new(own)
        person.sign_in(ANALYST, PASSWORD, path=VIEW)
        page, other = person.page, person.context.new_page()
        other.goto("/tenant/acme-corp")
        wait_until_drawn(person.frame)
        person.frame.get_by_role("tab", name="Accounts").click()
        page.wait_for_url(ACCOUNTS)
        before = {one["name"]: one["value"] for one in person.context.cookies()}

        said = "Your session ends in less than a minute."
        expect(notice(page).get_by_role("status")).to_have_text(said, timeout=LIFETIME * 1000)
        expect(notice(other)).to_be_visible()
        notice(page).get_by_role("button", name="Sign in again").click()
        page.wait_for_url(re.compile(r"/sign-in\?next="))
        expect(page.get_by_role("main").get_by_role("status").first).to_have_text(
            "Sign in again to go on where you were."
        )
        expect(page.get_by_label("Email")).to_have_value(ANALYST)
        other.wait_for_url(re.compile(r"/sign-in\?next="))
        answer = requests.get(
            f"{own.url()}/tenants", cookies=before, allow_redirects=False, timeout=30
        )
        assert answer.status_code == 307

        password = page.get_by_label("Password", exact=True)
        expect(password).to_be_focused()
        password.fill(PASSWORD)
        password.press("Enter")
        page.wait_for_url(ACCOUNTS)
        tab = person.frame.get_by_role("tab", name="Accounts")
        expect(tab).to_have_attribute("aria-selected", "true")
        other.wait_for_url("**/tenant/acme-corp")
        expect(notice(page)).to_have_count(0)


def test_it_counts_down_in_minutes(person: Person) -> None:
    """Who cannot see it hears it at the beginning and in the last minute, not in between."""
    person.sign_in(ADMIN)
    page = open_near_the_end(person, "/tenant/acme-corp")
    status = notice(page).get_by_role("status")
    expect(status.locator("[aria-live=off]")).to_have_text("4 minutes")
    page.clock.fast_forward("01:00")
    expect(status).to_have_text("Your session ends in 3 minutes.")
    page.clock.fast_forward("02:10")
    expect(status).to_have_text("Your session ends in less than a minute.")
    expect(status.locator("[aria-live=off]")).to_have_count(0)
    assert findings(page) == []


@pytest.mark.parametrize("width", [1280, 360])
def test_it_covers_nothing_of_a_dashboard(people: People, width: int) -> None:
    """The dashboard makes room for it, in full screen too, where it stays in sight."""
    person = people.new(width=width)
    person.sign_in(ADMIN)
    page = open_near_the_end(person, VIEW)

    def room() -> float:
        page.wait_for_timeout(200)  # what changes its height is followed a frame later
        frame, bar = page.locator("iframe").bounding_box(), notice(page).bounding_box()
        assert frame is not None
        assert bar is not None
        return bar["y"] - (frame["y"] + frame["height"])

    again = notice(page).get_by_role("button", name="Sign in again")
    assert room() == pytest.approx(0, abs=1)
    assert again.evaluate(ON_TOP)
    page.get_by_role("button", name="Full screen").click()
    expect(page.get_by_role("button", name="Exit full screen")).to_be_visible()
    assert page.evaluate("document.fullscreenElement !== null")
    expect(again).to_be_visible()
    assert again.evaluate(ON_TOP)
    assert room() == pytest.approx(0, abs=1)
    page.get_by_role("button", name="Exit full screen").click()
    expect(page.get_by_role("button", name="Full screen")).to_be_visible()
    expect(again).to_be_visible()
    assert again.evaluate(ON_TOP)
    notice(page).get_by_role("button", name="Dismiss").click()
    expect(notice(page)).to_have_count(0)
    below = page.locator("iframe").evaluate("it => innerHeight - it.getBoundingClientRect().bottom")
    assert below == pytest.approx(0, abs=1)


def test_put_away_in_one_tab_it_is_away_in_all(person: Person) -> None:
    """By the keyboard alone, which gets there before the page; it does not come back."""
    person.sign_in(ADMIN)
    page, other = (open_near_the_end(person, path) for path in ("/tenants", "/tenant/acme-corp"))
    page.bring_to_front()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Tab")
    expect(notice(page).get_by_role("button", name="Sign in again")).to_be_focused()
    page.keyboard.press("Tab")
    expect(notice(page).get_by_role("button", name="Dismiss")).to_be_focused()
    page.keyboard.press("Enter")
    for tab in (page, other):
        expect(notice(tab)).to_have_count(0)
    page.reload()
    page.clock.fast_forward(SOON)
    page.get_by_role("link", name="Acme Corporation").click()
    expect(page.get_by_role("heading", name="Dashboards")).to_be_visible()
    expect(notice(page)).to_have_count(0)


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/", "/auth/sign-out"])
def test_signing_out_leads_to_no_other_site(platform: Platform, wanted: str) -> None:
    """A form with an address that is no page of ours is a sign-out like any other."""
    url = platform.url()
    answer = requests.post(
        f"{url}/auth/sign-out",
        data={"next": wanted},
        headers={"Origin": url},
        allow_redirects=False,
        timeout=30,
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
