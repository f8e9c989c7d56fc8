"""How pages look: light and dark, dates as the person writes them, pages that say no, icons."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from scripts.support.project import RISK, SHELL
from tests.shell.people import wait_until_drawn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import FrameLocator, Locator, Page, Route

    from benchmarks.production import Platform
    from tests.shell.conftest import Platforms
    from tests.shell.people import People, Person

pytestmark = [pytest.mark.stack, pytest.mark.browser]

LIGHT, DARK = "rgb(246, 248, 248)", "rgb(14, 22, 24)"
CANVAS = "getComputedStyle(document.documentElement).backgroundColor"


def choose(page: Page, theme: str) -> None:
    """Choose a theme in the person's menu, and close that."""
    page.locator("header summary").last.click()
    page.get_by_role("radio", name=theme).check(force=True)
    page.keyboard.press("Escape")


def wait_until_alive(one: Locator) -> None:
    """Wait until React has taken over an element that came with the page."""
    one.evaluate("""async (one) => {
        const isAlive = () => Object.keys(one).some((key) => key.startsWith("__reactProps"));
        while (!isAlive()) await new Promise(requestAnimationFrame);
    }""")


def worn(frame: FrameLocator) -> str:
    """Return the theme of the embedded dashboard."""
    return frame.locator("html").get_attribute("data-theme") or ""


class TestTheme:
    """Light and dark."""

    @pytest.mark.parametrize("dark", [False, True])
    def test_follows_the_system(self, people: People, dark: bool) -> None:  # noqa: FBT001
        """Where nothing was chosen the system decides."""
        somebody = people.new(dark=dark)
        somebody.page.goto("/sign-in")
        assert (DARK if dark else LIGHT) == somebody.page.evaluate(CANVAS)

    def test_chosen_at_once_and_for_good(self, person: Person) -> None:
        """A choice takes effect without a request, and later pages come in it."""
        person.sign_in("admin@acme.com")
        choose(person.page, "Dark")
        assert DARK == person.page.evaluate(CANVAS)
        answer = person.page.goto("/tenant/acme-corp")
        assert answer is not None
        assert 'data-theme="dark"' in answer.text()
        assert DARK == person.page.evaluate(CANVAS)
        choose(person.page, "System")
        assert LIGHT == person.page.evaluate(CANVAS)
        assert "kyros_theme" not in person.page.evaluate("document.cookie")

    def test_a_menu_opened_before_the_scripts_came(self, person: Person) -> None:
        """It stays open when the page becomes alive, and a choice in it holds."""
        person.sign_in("admin@acme.com")
        held: list[Route] = []
        may_come = False

        def hold(script: Route) -> None:
            if may_come:
                script.continue_()
            else:
                held.append(script)

        person.page.route("**/_next/static/**/*.js", hold)
        person.page.goto("/tenant/acme-corp", wait_until="commit")
        menu = person.page.locator("header summary").last
        menu.click()
        dark = person.page.get_by_role("radio", name="Dark")
        expect(dark).to_be_visible()
        may_come = True
        for script in held:
            script.continue_()
        wait_until_alive(menu)
        expect(dark).to_be_visible()
        dark.check(force=True)
        assert DARK == person.page.evaluate(CANVAS)

    def test_dashboards_wear_it(self, person: Person) -> None:
        """What is embedded has the same colours, from the start and after a change."""
        person.sign_in("viewer@beta.com")
        choose(person.page, "Dark")
        person.enter("Beta Industries", "Risk")
        wait_until_drawn(person.frame)
        assert "dark" == worn(person.frame)
        choose(person.page, "Light")
        expect(person.frame.locator("html")).to_have_attribute("data-theme", "light")
        wait_until_drawn(person.frame)

    def test_other_tabs_follow(self, person: Person) -> None:
        """A tab that is looked at again has what was chosen in another."""
        person.sign_in("admin@acme.com")
        other = person.context.new_page()
        other.goto("/tenants")
        choose(other, "Dark")
        person.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        assert DARK == person.page.evaluate(CANVAS)

    def test_pages_made_without_next(self, people: People, platforms: Platforms) -> None:
        """What stands in for another page wears what was chosen, and what is chosen meanwhile."""
        with platforms.running() as own:
            somebody = people.new(own)
            somebody.sign_in("analyst@acme.com")
            choose(somebody.page, "Dark")
            answer = somebody.page.goto("/%zz")
            assert answer is not None
            assert 404 == answer.status
            assert DARK == somebody.page.evaluate(CANVAS)

            own.stop(RISK)
            somebody.page.goto("/tenant/acme-corp/dashboard/risk-analysis")
            away = somebody.frame.get_by_text("This dashboard is away for a moment")
            expect(away).to_be_visible()
            root = somebody.frame.locator("html")
            expect(root).to_have_css("background-color", DARK)
            choose(somebody.page, "Light")
            expect(root).to_have_css("background-color", LIGHT)

    def test_a_cookie_of_somebody_elses_making(self, person: Person, platform: Platform) -> None:
        """What is no theme of ours is none."""
        cookie = {"name": "kyros_theme", "value": "x%22%20onload%3D%22", "url": platform.url()}
        person.context.add_cookies([cookie])  # type: ignore[list-item]
        person.page.goto("/sign-in")
        assert person.page.locator("html").get_attribute("data-theme") is None
        assert LIGHT == person.page.evaluate(CANVAS)


class TestLocale:
    """Dates and numbers as the person writes them, by the clock of their browser."""

    @pytest.mark.parametrize(
        ("locale", "zone", "form"),
        [
            ("de-DE", "Europe/Berlin", r"\d\d\.\d\d\.\d{4}, \d\d:\d\d:\d\d"),
            ("en-US", "America/New_York", r"\d\d/\d\d/\d{4}, \d\d:\d\d:\d\d\s[AP]M"),
            ("sv-SE", "Asia/Tokyo", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
        ],
    )
    def test_moments(self, people: People, locale: str, zone: str, form: str) -> None:
        """The same text from the server and in the browser; hydration finds nothing amiss."""
        somebody = people.new(locale=locale, zone=zone)
        somebody.sign_in("admin@acme.com", path="/tenant/acme-corp/audit")
        page = somebody.page
        answer = page.reload()
        assert answer is not None
        moment = page.locator("tbody time").first
        shown = moment.inner_text()
        assert re.fullmatch(form, shown)
        assert shown in answer.text()
        at = moment.get_attribute("datetime")
        hour = page.evaluate("at => new Date(at).getMinutes()", at)
        assert f":{hour:02}:" in shown
        expect(page.get_by_role("main")).to_contain_text(zone.replace("_", " "))
        assert [] == somebody.witness.complaints

    def test_an_odd_header_and_an_odd_zone(self, people: People, platform: Platform) -> None:
        """What is no language and no zone is not taken for one."""
        somebody = people.new()
        somebody.sign_in("admin@acme.com")
        url = platform.url()
        cookie = {"name": "kyros_zone", "value": "Mars%2FPhobos", "url": url}
        somebody.context.add_cookies([cookie])  # type: ignore[list-item]
        somebody.context.set_extra_http_headers({"Accept-Language": "xx;q=9,*,;;," + "a" * 300})
        answer = somebody.page.goto("/tenant/acme-corp/audit")
        assert answer is not None
        assert 200 == answer.status
        assert "UTC" in answer.text()


class TestPagesThatSayNo:
    """403, 404 and 500: what happened, a way on, the request's id, and no trace."""

    @pytest.mark.parametrize(
        "path", ["/nowhere", "/tenant/nobody", "/tenant/acme-corp/dashboard/x"]
    )
    def test_404(self, person: Person, path: str) -> None:
        """The same page for what is not there and what is not theirs."""
        person.sign_in("analyst@acme.com")
        answer = person.page.goto(path)
        assert answer is not None
        assert 404 == answer.status
        assert "There is nothing here" == person.page.get_by_role("heading").inner_text()
        expect(person.page.locator("code")).to_have_text(answer.headers["x-request-id"])
        person.page.get_by_role("link", name="Go to your tenants").click()
        person.page.wait_for_url("**/tenant/acme-corp")

    def test_500(self, people: People, platforms: Platforms) -> None:
        """A page that cannot be made names the id that its line in the log has."""
        with platforms.running() as own:
            somebody = people.new(own)
            somebody.sign_in("admin@acme.com")
            with failing(own):
                answer = somebody.page.goto("/tenant/acme-corp/audit")
                assert answer is not None
                assert 500 == answer.status
                expect(somebody.page.get_by_role("heading")).to_have_text("That did not work")
                named = somebody.page.locator("code").inner_text()
            lines = [json.loads(line) for line in own.log(SHELL).splitlines() if line[:1] == "{"]
            failed = [line for line in lines if line["level"] == "error"]
            assert {named} == {line["request_id"] for line in failed}
            assert named == answer.headers["x-request-id"]
            for text in (answer.text(), somebody.page.content()):
                assert not re.search(r"at \w+ \(|\.js:\d|node_modules|Error:", text)
            somebody.page.get_by_role("button", name="Try again").click()
            expect(somebody.page.get_by_role("heading", level=1)).to_have_text("Audit log")


@contextmanager
def failing(own: Platform) -> Iterator[None]:
    """Take the audit log's table from the API until the block ends; all else goes on."""

    def rename(old: str, new: str) -> None:
        with sqlite3.connect(own.data / "tenant_metadata.db") as connection:
            connection.execute(f"ALTER TABLE {old} RENAME TO {new}")
        connection.close()

    rename("audit_log", "mislaid")
    try:
        yield
    finally:
        rename("mislaid", "audit_log")


class TestName:
    """What the product is called and known by."""

    @pytest.mark.parametrize(
        ("path", "kind"),
        [
            ("/favicon.ico", "image/x-icon"),
            ("/icon.svg", "image/svg+xml"),
            ("/apple-icon.png", "image/png"),
            ("/manifest.webmanifest", "application/manifest+json"),
        ],
    )
    def test_icons(self, person: Person, path: str, kind: str) -> None:
        """Icons and manifest come without signing in."""
        answer = person.context.request.get(path)
        assert (200, kind) == (answer.status, answer.headers["content-type"].partition(";")[0])

    def test_title_and_manifest(self, person: Person) -> None:
        """Each page's title ends with the name, and the manifest's icons are there."""
        person.page.goto("/sign-in")
        expect(person.page).to_have_title("Sign in · Kyros")
        manifest = person.context.request.get("/manifest.webmanifest").json()
        assert "Kyros" == manifest["name"]
        for icon in manifest["icons"]:
            assert 200 == person.context.request.get(icon["src"]).status
