"""A dashboard that is open: what it outlives, and what ends it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import expect

from scripts.support.project import API, RISK
from tests.shell.people import People, Person, wait_until_drawn

if TYPE_CHECKING:
    from benchmarks.production import Platform
    from tests.shell.conftest import Platforms

pytestmark = [pytest.mark.stack, pytest.mark.browser]

HOME = "/tenant/acme-corp/dash/risk-analysis/"
PAGE = "/tenant/acme-corp/dashboard/risk-analysis"
LIFETIME = 6  # seconds of a tenant's token
SEVERAL = 2.5  # of those


def test_a_dashboard_outlives_its_tokens(platforms: Platforms, people: People) -> None:
    """Left open over several expiries it goes on: no reload, filters and scroll as they were."""
    with platforms.running(TENANT_TOKEN_SECONDS=str(LIFETIME)) as own:
        person = people.new(own)
        person.sign_in("analyst@acme.com", path=f"{PAGE}?stress=2")
        wait_until_drawn(person.frame)
        frame = person.page.frame(url=re.compile(HOME))
        assert frame is not None
        frame.evaluate("window.unchanged = true; window.scrollTo(0, 300)")
        scrolled = frame.evaluate("scrollY")
        assert scrolled > 0
        person.page.wait_for_timeout(SEVERAL * LIFETIME * 1000)

        # Not by a click: to click something Playwright scrolls to it.
        with person.page.expect_response(re.compile("_dash-update-component")) as filled:
            frame.evaluate("kyros.choose({ lgd: '30' })")
        assert filled.value.status == 200
        expect(person.frame.locator('#kyros-content[aria-busy="false"]')).to_be_attached()
        assert frame.evaluate("window.unchanged === true")
        query = frame.evaluate("Object.fromEntries(new URLSearchParams(location.search))")
        assert query == {"stress": "2", "lgd": "30"}
        assert frame.evaluate("scrollY") == scrolled
        assert person.witness.complaints == []
        exchanges = own.log(API).count("/api/token/exchange")
        assert exchanges >= 2, "the tokens were never renewed: the test proves nothing"


def test_revoked_access_ends_with_the_next_request(platforms: Platforms, people: People) -> None:
    """The open dashboard makes room for a plain page at the next click; nothing more is told."""
    with platforms.running() as own:
        person = people.new(own)
        person.sign_in("analyst@acme.com", path=PAGE)
        wait_until_drawn(person.frame)
        cookie = {one["name"]: one["value"] for one in person.context.cookies()}
        paths = ["", "_dash-layout", "_dash-dependencies"]
        before = [
            requests.get(own.url() + HOME + path, cookies=cookie, timeout=30) for path in paths
        ]
        assert [answer.status_code for answer in before] == [200, 200, 200]

        own.admin("role", "revoke", "analyst@acme.com", "acme-corp")
        after = [
            requests.get(own.url() + HOME + path, cookies=cookie, timeout=30) for path in paths
        ]
        assert [answer.status_code for answer in after] == [404, 404, 404]

        person.frame.get_by_role("tab").nth(1).click()
        expect(person.frame.get_by_role("heading", name="Not found")).to_be_visible()
        expect(person.frame.locator(".js-plotly-plot")).to_have_count(0)
        answer = person.page.goto(PAGE)
        assert answer is not None
        assert answer.status == 404


def test_a_silent_dashboard_recovers_by_itself(platforms: Platforms, people: People) -> None:
    """While its service is away an open page says so, and goes on when it is back."""
    with platforms.running() as own:
        person = people.new(own)
        person.sign_in("analyst@acme.com", path=PAGE)
        wait_until_drawn(person.frame)
        own.stop(RISK)
        person.frame.get_by_role("tab").nth(1).click()
        expect(person.frame.get_by_text("Trying again")).to_be_visible()
        own.start(RISK)
        expect(person.frame.get_by_text("Trying again")).to_have_count(0)
        expect(person.frame.locator('#kyros-content[aria-busy="false"]')).to_be_attached()


def test_no_other_host_is_asked(person: Person, platform: Platform) -> None:
    """From the sign-in page to a figure a browser speaks with the shell alone."""
    person.sign_in("analyst@acme.com", path=PAGE)
    wait_until_drawn(person.frame)
    asked = {urlsplit(one.url) for one in person.witness.requests}
    hosts = {address.netloc for address in asked if address.scheme not in {"data", "blob"}}
    assert hosts == {urlsplit(platform.url()).netloc}
