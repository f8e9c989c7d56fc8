"""The session: it ends in every tab, leads back to where one was, and fits whoever has much."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
import requests
from playwright.sync_api import expect

from benchmarks.made_up_tenants import add_tenants
from tests.shell.accounts import ADMIN, ANALYST, BETA, PASSWORD, give_password
from tests.shell.people import wait_until_drawn

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from benchmarks.production import Platform
    from tests.shell.conftest import Platforms
    from tests.shell.people import People, Person

pytestmark = [pytest.mark.stack, pytest.mark.browser]

RISK = "/tenant/acme-corp/dashboard/risk-analysis"
VIEW = f"{RISK}?tab=accounts&lgd=60"
THE_VIEW = re.compile(rf"{RISK}\?(?=.*tab=accounts)(?=.*lgd=60)")
MANY = 200
NODE_LIMIT = 16 * 1024  # bytes of headers
A_MOMENT = 5_000  # ms, on a machine that is busy


def open_tab(person: Person, path: str) -> Page:
    """Open another tab that only shows a page."""
    page = person.context.new_page()
    page.goto(path)
    return page


def sign_out(page: Page) -> None:
    """Sign out by the menu in the header."""
    page.locator("header summary", has_text="your menu").click()
    page.get_by_role("button", name="Sign out").click()


def session_cookies(context: BrowserContext) -> dict[str, str]:
    """Return the cookies of the session."""
    cookies = {one.get("name", ""): one.get("value", "") for one in context.cookies()}
    return {name: value for name, value in cookies.items() if name.startswith("kyros_session")}


def test_sign_out_ends_every_tab(person: Person) -> None:
    """Tabs that only show a page go to sign-in by themselves, and come back with the person."""
    person.sign_in(ADMIN)
    tenants, dashboard = open_tab(person, "/tenants"), open_tab(person, VIEW)
    expect(tenants.get_by_role("link", name="Acme Corporation")).to_be_visible()
    expect(dashboard.locator("iframe")).to_be_visible()

    sign_out(person.page)
    expect(person.page.get_by_role("main").get_by_role("status").first).to_contain_text(
        "You have signed out"
    )
    for tab in (tenants, dashboard):
        expect(tab).to_have_url(re.compile(r"/sign-in\?next="), timeout=A_MOMENT)
        expect(tab.get_by_role("link", name="Acme Corporation")).to_have_count(0)
    assert session_cookies(person.context) == {}
    dashboard.go_back()
    expect(dashboard).not_to_have_url(re.compile(r"/dashboard/"))

    tenants.bring_to_front()
    tenants.get_by_role("button", name=ADMIN).click()
    expect(tenants).to_have_url(re.compile(r"/tenants$"))


def test_who_waits_in_another_tab_goes_on_too(person: Person) -> None:
    """Signing in once is enough for all tabs that lead to sign-in."""
    person.page.goto(VIEW)
    other = open_tab(person, "/tenants")
    other.get_by_role("button", name=ADMIN).click()
    expect(person.page).to_have_url(THE_VIEW, timeout=A_MOMENT)


def test_a_copy_of_the_cookie_opens_nothing_after_sign_out(
    person: Person, platform: Platform
) -> None:
    """Not even to whoever kept it."""
    person.sign_in(ADMIN)
    copy = session_cookies(person.context)

    def status(path: str) -> int:
        address = platform.url() + path
        return requests.get(address, cookies=copy, allow_redirects=False, timeout=20).status_code

    assert status("/tenants") == 200
    sign_out(person.page)
    expect(person.page).to_have_url(re.compile(r"/sign-in"))
    assert status("/tenants") == 307
    assert status("/tenant/acme-corp/dash/risk-analysis/_dash-layout") == 401


def test_somebody_else_signing_in_takes_the_other_tabs_along(person: Person) -> None:
    """No tab goes on showing what the one before could see."""
    person.sign_in(ADMIN)
    shown = open_tab(person, "/tenants")
    expect(shown.get_by_role("link", name="Acme Corporation")).to_be_visible()
    sign_out(person.page)
    person.page.get_by_role("button", name=BETA).click()
    expect(person.page.get_by_text("Beta Industries").first).to_be_visible()
    expect(shown.get_by_text("Beta Industries").first).to_be_visible(timeout=A_MOMENT)
    expect(shown.get_by_text("Acme Corporation")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False], ids=["by itself", "at the next request"])
def test_the_end_of_the_session_leads_back_to_the_same_view(
    people: People, platforms: Platforms, *, script: bool
) -> None:
    """The person is told why, types the password alone, and sees the view with its filters."""
    lifetime = 8
    with platforms.running(USER_TOKEN_SECONDS=str(lifetime)) as own:
        give_password(own, ANALYST)
        person = people.new(own) if script else people.new_without_script(own)
        person.sign_in(ANALYST, PASSWORD, path=VIEW)
        page = person.page
        if not script:
            page.wait_for_timeout(lifetime * 1000)
            page.reload()
        page.wait_for_url(re.compile(r"/sign-in\?next="))
        expect(page.get_by_role("main").get_by_role("status").first).to_contain_text(
            "Your session has ended."
        )
        expect(page.get_by_label("Email")).to_have_value(ANALYST)
        password = page.get_by_label("Password", exact=True)
        expect(password).to_be_focused()
        assert session_cookies(person.context) == {}
        password.fill(PASSWORD)
        password.press("Enter")
        page.wait_for_url(THE_VIEW)
        if script:
            expect(person.frame.get_by_role("tab", name="Accounts")).to_have_attribute(
                "aria-selected", "true"
            )


def test_a_dashboard_that_was_refused_leads_to_sign_in(person: Person) -> None:
    """Cookies that went missing are noticed at the next change of a filter, not before."""
    person.sign_in(ANALYST, path=RISK)
    wait_until_drawn(person.frame)
    person.context.clear_cookies()
    person.frame.get_by_role("tab", name="Accounts").click()
    expect(person.page).to_have_url(re.compile(r"/sign-in\?next=.*tab%3Daccounts"))


def test_a_session_carries_200_tenants(people: People, platforms: Platforms) -> None:
    """Its cookies fit into a request with room to spare, work everywhere, and all go again."""
    with platforms.running() as own:
        add_tenants(own.data, MANY, ADMIN)
        person = people.new(own)
        began = time.monotonic()
        person.sign_in(ADMIN)
        expect(person.page.get_by_role("link", name="Tenant 199")).to_be_visible()
        assert time.monotonic() - began < 20
        cookies = session_cookies(person.context)
        assert len(cookies) > 1
        assert all(len(name) + len(value) <= 4096 for name, value in cookies.items())
        assert sum(map(len, (*cookies, *cookies.values()))) < NODE_LIMIT / 2
        person.page.goto(RISK)
        wait_until_drawn(person.frame)
        assert person.witness.complaints == []
        sign_out(person.page)
        expect(person.page).to_have_url(re.compile(r"/sign-in"))
        assert session_cookies(person.context) == {}


def test_too_many_tenants_for_a_session_are_refused_in_words(
    people: People, platforms: Platforms
) -> None:
    """Rather than by cookies that no server would take any more."""
    with platforms.running() as own:
        add_tenants(own.data, 5 * MANY, BETA)
        page = people.new(own).page
        page.goto("/sign-in")
        page.get_by_role("button", name=BETA).click()
        expect(page.get_by_role("main").get_by_role("alert")).to_contain_text(
            "more tenants than one session can hold"
        )
