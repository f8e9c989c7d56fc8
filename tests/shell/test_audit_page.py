"""The audit log's page: for a tenant's administrators, searchable, in pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from kyros_api.audit.events import AuditEvent
from kyros_api.audit.queries import insert_events
from kyros_api.metadata.engine import sqlite_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.production import Platform
    from tests.shell.conftest import Platforms
    from tests.shell.people import People, Person

pytestmark = [pytest.mark.stack, pytest.mark.browser]

ACME = "8e1b3d5b-7c9a-4e2f-b1d3-a5c7e9f12345"
AUDIT = "/tenant/acme-corp/audit"
MADE_UP = 120

# Whether an element shows all of its text, within the window and whatever holds it.
WHOLE = """one => {
    const box = one.getBoundingClientRect();
    const holders = [];
    for (let it = one; it; it = it.parentElement) holders.push(it);
    return holders.every(it => {
        const { left, right } = it.getBoundingClientRect();
        const held = box.left >= left - 1 && box.right <= right + 1;
        return held && it.scrollWidth <= it.clientWidth + 1
            || getComputedStyle(it).display === "inline";
    });
}"""


@pytest.fixture(scope="module")
def busy(platforms: Platforms) -> Iterator[Platform]:
    """A platform of the module's own, on which much has happened at Acme."""
    with platforms.running() as own:
        engine = sqlite_engine(own.data / "tenant_metadata.db")
        events = [
            AuditEvent.now(
                "test.happened",
                "denied" if number % 10 == 0 else "allowed",
                actor="analyst@acme.com",
                tenant_id=ACME,
                details={"number": str(number)},
            )
            for number in range(MADE_UP)
        ]
        with engine.begin() as connection:
            insert_events(connection, events)
        engine.dispose()
        yield own


@pytest.fixture
def admin(people: People, busy: Platform) -> Person:
    """An administrator of Acme before their audit log."""
    somebody = people.new(busy)
    somebody.sign_in("admin@acme.com", path=AUDIT)
    return somebody


def shown(person: Person) -> list[str]:
    """Return the text of each event on the page."""
    return person.page.locator("tbody tr").all_inner_texts()


def numbers(person: Person) -> list[int]:
    """Return the numbers of the made-up events on the page."""
    return [int(found) for found in re.findall(r"number:\s*(\d+)", "\n".join(shown(person)))]


class TestSearch:
    """Finding something."""

    def test_words_and_outcome_are_in_the_address(self, admin: Person) -> None:
        """What is looked for makes the address, and the address alone shows the same again."""
        page = admin.page
        page.get_by_label("Person, action or request id").fill("test.happened")
        page.get_by_label("Outcome").select_option("Denied")
        page.get_by_role("button", name="Search").click()
        page.wait_for_url("**/audit?**")
        assert {"q": ["test.happened"], "outcome": ["denied"]} == parse_qs(urlsplit(page.url).query)
        expect(page.get_by_role("status")).to_have_text("12 events")
        assert [110, 100, 90] == numbers(admin)[:3]

        other = admin.context.new_page()
        other.goto(page.url)
        expect(other.get_by_role("status")).to_have_text("12 events")
        expect(other.get_by_label("Person, action or request id")).to_have_value("test.happened")
        expect(other.get_by_label("Outcome")).to_have_value("denied")

    def test_back_and_clear(self, admin: Person) -> None:
        """Back returns to what was looked for before, fields and all; Clear to everything."""
        page = admin.page
        page.goto(f"{AUDIT}?q=test.happened")
        page.get_by_label("Outcome").select_option("Denied")
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_role("status")).to_have_text("12 events")
        page.go_back()
        expect(page.get_by_role("status")).to_have_text(f"{MADE_UP} events")
        expect(page.get_by_label("Outcome")).to_have_value("")
        page.get_by_role("link", name="Clear").click()
        page.wait_for_url(lambda url: urlsplit(url).query == "")
        expect(page.get_by_label("Person, action or request id")).to_have_value("")

    def test_days_are_those_of_the_persons_clock(self, people: People, busy: Platform) -> None:
        """A span is of days where the person is, and both its days belong to it."""
        somebody = people.new(busy)
        somebody.sign_in("admin@acme.com", path=AUDIT)
        today = somebody.page.evaluate("new Date().toLocaleDateString('sv')")
        somebody.page.goto(f"{AUDIT}?q=test.happened&from={today}&to={today}")
        expect(somebody.page.get_by_role("status")).to_have_text(f"{MADE_UP} events")
        somebody.page.goto(f"{AUDIT}?q=test.happened&from=2020-01-01&to=2020-12-31")
        expect(somebody.page.get_by_role("status")).to_have_text("0 events")
        expect(somebody.page.get_by_text("Nothing in the log fits")).to_be_visible()

    def test_a_request_id_leads_to_its_events(self, admin: Person) -> None:
        """The events of one request are a click away."""
        page = admin.page
        link = page.get_by_role("link", name=re.compile("All events of request")).first
        wanted = link.inner_text()
        link.click()
        page.wait_for_url(f"**/audit?q={wanted}")
        expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d events?$"))

    @pytest.mark.parametrize("width", [360, 768, 1280])
    def test_a_request_id_is_whole_and_can_be_copied(
        self, people: People, busy: Platform, width: int
    ) -> None:
        """Nothing of it is cut at any width, and the zone of the times stands by them."""
        somebody = people.new(busy, width=width, zone="Europe/Berlin")
        somebody.sign_in("admin@acme.com", path=f"{AUDIT}?q=sign_in")
        page = somebody.page
        row = page.locator("tbody tr").first
        link = row.get_by_role("link", name=re.compile("All events of request"))
        assert link.evaluate(WHOLE)
        somebody.context.grant_permissions(["clipboard-read", "clipboard-write"])
        row.get_by_role("button", name="Copy request id").click()
        expect(row.get_by_role("button", name="Copied")).to_be_visible()
        assert link.inner_text() == page.evaluate("navigator.clipboard.readText()")
        heading = page.get_by_role("columnheader", name="Time (Europe/Berlin)")
        told = page.get_by_text("Times are those of Europe/Berlin.")
        expect(heading if width >= 768 else told).to_be_visible()

    @pytest.mark.parametrize(
        "query", ["page=0", "page=x&before=-1", "outcome=perhaps&from=never", "before=9" + "9" * 30]
    )
    def test_an_odd_address_is_read_as_far_as_it_makes_sense(
        self, admin: Person, query: str
    ) -> None:
        """Nothing that is typed into the address fails."""
        answer = admin.page.goto(f"{AUDIT}?{query}")
        assert answer is not None
        assert 200 == answer.status
        expect(admin.page.locator("tbody tr").first).to_be_visible()

    def test_without_any_script(self, people: People, busy: Platform) -> None:
        """The form is a plain one, which makes the same address."""
        somebody = people.new(busy)
        somebody.sign_in("admin@acme.com", path=AUDIT)
        page = somebody.page
        page.route("**/*.js", lambda route: route.abort())
        page.reload(wait_until="domcontentloaded")
        page.get_by_label("Person, action or request id").fill("test.happened")
        page.get_by_role("button", name="Search").click()
        page.wait_for_url("**/audit?q=test.happened**")
        expect(page.get_by_role("status")).to_have_text(f"{MADE_UP} events")


class TestPages:
    """From page to page."""

    def test_pages_are_the_whole_whatever_comes_in_meanwhile(
        self, admin: Person, people: People, busy: Platform
    ) -> None:
        """All events once, in order, though new ones come in between."""
        page = admin.page
        page.goto(f"{AUDIT}?q=acme.com")
        expect(page.get_by_text("Page 1 of 3")).to_be_visible()
        found = numbers(admin)
        people.new(busy).sign_in("analyst@acme.com")
        for number in (2, 3):
            page.get_by_role("link", name="Older").click()
            expect(page.get_by_text(f"Page {number} of 3")).to_be_visible()
            found += numbers(admin)
        assert list(reversed(range(MADE_UP))) == found
        expect(page.get_by_role("link", name="Older")).to_have_count(0)
        page.get_by_role("link", name="Newer").click()
        expect(page.get_by_text("Page 2 of 3")).to_be_visible()


class TestDenied:
    """What was turned away stands out."""

    def test_by_more_than_colour(self, admin: Person) -> None:
        """A word, a shape and weight tell it, too."""
        admin.page.goto(f"{AUDIT}?q=test.happened")
        row = admin.page.locator("tbody tr", has_text=re.compile(r"number:\s*110"))
        calm = admin.page.locator("tbody tr", has_text=re.compile(r"number:\s*111"))
        expect(row.get_by_text("Denied")).to_be_visible()
        expect(calm.get_by_text("Allowed")).to_be_visible()
        weights = [
            one.get_by_text(word).evaluate("it => getComputedStyle(it).fontWeight")
            for one, word in ((row, "Denied"), (calm, "Allowed"))
        ]
        assert ["600", "400"] == weights
        assert row.locator("svg circle").count() == 1
        assert calm.locator("svg circle").count() == 0


class TestWhoMay:
    """Whom it is for."""

    def test_a_viewer_gets_403_and_a_page(self, person: Person) -> None:
        """A real status, a way on, the request's id, and no link in the menu."""
        person.sign_in("analyst@acme.com")
        answer = person.page.goto(AUDIT)
        assert answer is not None
        assert 403 == answer.status
        expect(person.page.get_by_role("heading", level=1)).to_have_text(
            "This is not for your role"
        )
        expect(person.page.locator("code")).to_have_text(answer.headers["x-request-id"])
        person.page.get_by_role("link", name="Go to the dashboards").click()
        person.page.wait_for_url("**/tenant/acme-corp")
        person.page.locator("summary", has_text="analyst").click()
        expect(person.page.get_by_role("link", name="Inspector")).to_be_visible()
        expect(person.page.get_by_role("link", name="Audit log")).to_have_count(0)

    def test_another_tenants_is_not_there(self, person: Person) -> None:
        """Of another tenant's log nothing is said, not even that there is one."""
        person.sign_in("viewer@beta.com")
        answer = person.page.goto(AUDIT)
        assert answer is not None
        assert 404 == answer.status
        assert "Acme" not in person.page.content()

    def test_an_admin_finds_it_in_their_menu(self, person: Person) -> None:
        """The menu leads there, and from there back to the dashboards."""
        person.sign_in("admin@acme.com", path="/tenant/beta-ind")
        person.page.locator("summary", has_text="admin@acme.com").click()
        person.page.get_by_role("link", name="Audit log").click()
        person.page.wait_for_url("**/tenant/beta-ind/audit")
        expect(person.page.get_by_role("heading", level=1)).to_have_text("Audit log")
        person.page.get_by_role("link", name="Dashboards of Beta Industries").click()
        person.page.wait_for_url("**/tenant/beta-ind")

    def test_who_becomes_admin_meanwhile(self, people: People, platforms: Platforms) -> None:
        """A role takes effect at the next request, both when it comes and when it goes."""
        with platforms.running() as own:
            somebody = people.new(own)
            somebody.sign_in("analyst@acme.com")
            for role, status in (("viewer", 403), ("admin", 200), ("viewer", 403)):
                own.admin("role", "grant", "analyst@acme.com", "acme-corp", role)
                somebody.page.wait_for_timeout(1100)  # a page's answer may be a second old
                answer = somebody.page.goto(AUDIT)
                assert answer is not None
                assert status == answer.status
