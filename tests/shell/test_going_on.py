"""Going from page to page: nothing is loaded anew, and yet nothing shown is out of date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests
from playwright.sync_api import expect

from tests.shell.accounts import ADMIN

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from benchmarks.production import Platform
    from tests.shell.conftest import Platforms
    from tests.shell.people import People, Person

pytestmark = [pytest.mark.stack, pytest.mark.browser]

# What a page knows of its person may be a second old: PAGE_MAX_AGE_MS of lib/server/access.ts.
LATEST_MS = 1_100


def mark(page: Page) -> None:
    """Leave a mark that is gone with the next document."""
    page.evaluate("window.stays = true")


def stayed(page: Page) -> bool:
    """Return whether the document is still the one that was marked."""
    return bool(page.evaluate("window.stays === true"))


def header_menu(page: Page) -> None:
    """Open the switcher of the tenants."""
    page.get_by_role("banner").get_by_role("button", name="change tenant").click()


def test_from_sign_in_to_a_dashboard_in_one_document(person: Person) -> None:
    """Each page is given into the one that is there; going back never leads to the form."""
    page = person.page
    page.goto("/sign-in")
    mark(page)
    page.get_by_role("button", name=ADMIN).click()
    page.wait_for_url("**/tenants")
    page.get_by_role("link", name="Acme Corporation").click()
    page.get_by_role("main").get_by_role("link", name="Risk").click()
    page.wait_for_url("**/dashboard/**")
    assert stayed(page)
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", name="Tenants", level=1)).to_be_visible()
    assert stayed(page)
    page.go_back()
    assert page.url == "about:blank"
    assert person.witness.complaints == []


def test_a_form_that_no_script_could_send_is_sent_by_the_browser(person: Person) -> None:
    """What is in the way of a script may let the browser pass, which else says what is wrong."""

    def only_the_browser(route: Route) -> None:
        if route.request.resource_type == "fetch":
            route.abort()
        else:
            route.continue_()

    page = person.page
    page.route("**/auth/sign-in", only_the_browser)
    page.goto("/sign-in")
    mark(page)
    page.get_by_role("button", name=ADMIN).click()
    page.wait_for_url("**/tenants")
    assert not stayed(page)


@pytest.mark.parametrize(("email", "to"), [(ADMIN, "/tenants"), ("no@one.example", "/sign-in")])
def test_a_script_is_told_where_to_go_on(platform: Platform, email: str, to: str) -> None:
    """It cannot see where a redirect leads; the cookies are the same."""
    headers = {"Origin": platform.url(), "Sec-Fetch-Site": "same-origin"}
    url, form = platform.url() + "/auth/sign-in", {"email": email}
    with requests.Session() as browser:
        plain = browser.post(url, data=form, headers=headers, timeout=30, allow_redirects=False)
        kept = set(browser.cookies.keys())
    with requests.Session() as browser:
        headers["Accept"] = "application/json"
        told = browser.post(url, data=form, headers=headers, timeout=30, allow_redirects=False)
        assert set(browser.cookies.keys()) == kept != set()
    assert (plain.status_code, plain.headers["Location"]) == (303, to)
    assert (told.status_code, told.json()) == (200, {"to": to})
    assert "Location" not in told.headers
    assert told.headers["Cache-Control"] == "no-store"


def test_what_changes_meanwhile_is_seen_on_the_next_page(
    platforms: Platforms, people: People
) -> None:
    """A tenant more, a role less, a tenant less: each is so with the next click, a second later."""
    with platforms.running() as own:
        person = people.new(own)
        page = person.page
        person.sign_in(ADMIN)
        mark(page)
        own.admin("tenant", "add", "--slug", "new-ltd", "--name", "New Limited")
        own.admin("role", "grant", ADMIN, "new-ltd", "viewer")
        own.admin("role", "grant", ADMIN, "acme-corp", "viewer")
        page.get_by_role("link", name="Acme Corporation").click()
        header_menu(page)
        expect(page.get_by_role("menuitem", name="New Limited")).to_be_visible()
        page.keyboard.press("Escape")
        page.locator("header summary", has_text="your menu").click()
        expect(page.get_by_role("link", name="Inspector")).to_be_visible()
        expect(page.get_by_role("link", name="Audit log")).to_have_count(0)

        own.admin("role", "revoke", ADMIN, "beta-ind")
        page.wait_for_timeout(LATEST_MS)
        page.get_by_role("link", name="Kyros, all tenants").click()
        expect(page.get_by_role("link", name="New Limited")).to_be_visible()
        expect(page.get_by_role("link", name="Beta Industries")).to_have_count(0)
        assert stayed(page)
