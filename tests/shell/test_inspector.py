"""The inspector: what the server holds for somebody, decoded, and never a token."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error, expect

from scripts.support.project import API

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

    from benchmarks.production import Platform
    from tests.shell.conftest import Platforms
    from tests.shell.people import People, Person

pytestmark = [pytest.mark.stack, pytest.mark.browser]

INSPECTOR = "/tenant/acme-corp/inspector"
# The payload or header of any token: JSON in base64, which begins so.
ENCODED = re.compile(r"eyJ[\w-]{8,}")


def claim(page: Page, token: str, name: str) -> str:
    """Return what the page says of a token's claim."""
    section = page.get_by_role("region", name=token, exact=True)
    return (
        section.locator("dl > div", has=page.get_by_text(name, exact=True))
        .locator("dd")
        .inner_text()
    )


def request_ids(page: Page) -> set[str]:
    """Return the ids of the calls that the page shows."""
    expect(page.locator("tbody tr").first).to_be_visible()
    return set(page.locator("tbody tr td:last-child").all_inner_texts())


class TestTokens:
    """What the tokens say."""

    def test_claims_of_both(self, person: Person) -> None:
        """Who, where, as what: from the tokens themselves."""
        person.sign_in("admin@acme.com", path=INSPECTOR)
        page = person.page
        assert "admin@acme.com" == claim(page, "User token", "email")
        assert 2 == len(claim(page, "User token", "tenant_ids").split())
        assert "8e1b3d5b-7c9a-4e2f-b1d3-a5c7e9f12345" == claim(page, "Tenant token", "tenant_id")
        assert "admin" == claim(page, "Tenant token", "role")
        assert claim(page, "User token", "aud") != claim(page, "Tenant token", "aud")

    def test_no_token_in_any_answer(self, people: People) -> None:
        """No text, header or storage that the browser gets has a part of a token in it."""
        somebody = people.new()
        said: list[str] = []

        def hear(response: Response) -> None:
            headers = {k: v for k, v in response.headers.items() if k != "set-cookie"}
            said.append(str(headers))
            if response.status < 300:
                with contextlib.suppress(Error):  # the page may have been left meanwhile
                    said.append(response.text())

        somebody.context.on("response", hear)
        somebody.sign_in("admin@acme.com", path=INSPECTOR)
        page = somebody.page
        expect(page.get_by_role("timer")).to_have_count(2)
        page.get_by_role("button", name="Refresh").click()
        expect(page.get_by_role("button", name="Refresh")).to_be_visible()
        said += [
            page.content(),
            page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])"),
        ]
        assert any("tenant_ids" in text for text in said)
        assert [] == [found for text in said for found in ENCODED.findall(text)]

    def test_time_runs_and_the_token_is_renewed(self, people: People, platforms: Platforms) -> None:
        """The end comes nearer by the second; what has ended is followed by a new one by itself."""
        with platforms.running(TENANT_TOKEN_SECONDS="6") as own:
            somebody = people.new(own)
            somebody.sign_in("admin@acme.com", path=INSPECTOR)
            page = somebody.page
            timer = page.get_by_role("region", name="Tenant token").get_by_role("timer")
            first, began = claim(page, "Tenant token", "jti"), timer.inner_text()
            assert re.fullmatch(r"0:0\d", began)
            expect(timer).not_to_have_text(began)
            page.wait_for_function(
                "first => !document.body.innerText.includes(first)", arg=first, timeout=20_000
            )
            assert claim(page, "Tenant token", "jti") != first
            assert re.fullmatch(r"0:0\d", timer.inner_text())


class TestCalls:
    """The last calls to the API."""

    def test_route_status_time_and_the_id_of_the_log(
        self, people: People, platforms: Platforms
    ) -> None:
        """Each call names its route, status and milliseconds, and an id that the API logged."""
        with platforms.running() as own:
            somebody = people.new(own)
            somebody.sign_in("admin@acme.com", path=INSPECTOR)
            row = somebody.page.locator("tbody tr", has_text="/api/token/exchange").first
            expect(row).to_be_visible()
            exchange = row.locator("td").all_inner_texts()
            assert "200" == exchange[2]
            assert 0 < float(exchange[3].split()[0].replace(",", ""))
            assert re.search(r"^POST /api/token/exchange$", exchange[1])
            assert exchange[4][:8] in own.log(API)  # the log of development abbreviates it

    def test_each_person_sees_their_own(self, people: People, platform: Platform) -> None:
        """Calls made for somebody else are not shown."""
        other, somebody = people.new(platform), people.new(platform)
        other.sign_in("viewer@beta.com", path="/tenant/beta-ind/inspector")
        somebody.sign_in("analyst@acme.com", path=INSPECTOR)
        theirs, mine = request_ids(other.page), request_ids(somebody.page)
        assert theirs
        assert mine
        assert set() == theirs & mine


class TestWhoMay:
    """Whom it is for: admins, and everybody in demo mode."""

    def test_a_viewer_in_demo_mode(self, person: Person) -> None:
        """Who looks around in the demo may look here, too."""
        person.sign_in("analyst@acme.com", path=INSPECTOR)
        assert "viewer" == claim(person.page, "Tenant token", "role")

    def test_a_viewer_elsewhere(self, people: People, platforms: Platforms) -> None:
        """With passwords it is for admins alone: 403, a page, no link."""
        with platforms.running(AUTH_MODE="password") as own:
            for email in ("analyst@acme.com", "admin@acme.com"):
                own.admin(
                    "user", "set-password", email, "--stdin", text="correct horse battery staple\n"
                )
            viewer, admin = people.new(own), people.new(own)
            viewer.sign_in("analyst@acme.com", "correct horse battery staple")
            answer = viewer.page.goto(INSPECTOR)
            assert answer is not None
            assert 403 == answer.status
            assert "jti" not in viewer.page.content()
            viewer.page.goto("/tenant/acme-corp")
            viewer.page.locator("summary", has_text="analyst").click()
            expect(viewer.page.get_by_role("button", name="Sign out")).to_be_visible()
            expect(viewer.page.get_by_role("link", name="Inspector")).to_have_count(0)
            admin.sign_in("admin@acme.com", "correct horse battery staple", INSPECTOR)
            assert "admin" == claim(admin.page, "Tenant token", "role")

    @pytest.mark.parametrize("path", [INSPECTOR, "/tenant/no-such-tenant/inspector"])
    def test_another_tenants(self, person: Person, path: str) -> None:
        """Another tenant's, and one that does not exist, are not there alike."""
        person.sign_in("viewer@beta.com")
        answer = person.page.goto(path)
        assert answer is not None
        assert 404 == answer.status
