"""What a person sees in a browser, from the sign-in page to a drawn figure."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, expect

from scripts.support.project import SHELL
from tests.shell.people import wait_until_drawn
from tests.stacks import Stack, in_docker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, FrameLocator, Page, Request, Route

pytestmark = [pytest.mark.stack, pytest.mark.browser, in_docker]

# Three parts, the first two of them JSON in base64: a signed token, unlike the encrypted cookie.
SIGNED_TOKEN = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+")
READABLE = re.compile(r"json|text|javascript")
PATIENCE = 90_000  # ms: the development server compiles a page when it is first asked for
expect.set_options(timeout=PATIENCE)


class Witness:
    """Remembers what a page asked for, was answered, and complained about."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        self.texts: list[str] = []
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)
        page.on("requestfinished", self._answered)

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"}:
            self.hosts.add(address.netloc)

    def _answered(self, request: Request) -> None:
        response = request.response()
        if response and response.ok and READABLE.search(response.headers.get("content-type", "")):
            # The browser drops what it got for a page that it has left since.
            with contextlib.suppress(Error):
                self.texts.append(response.text())


@pytest.fixture
def page(stack: Stack, chromium: Browser) -> Iterator[Page]:
    """A page of a fresh person in front of the shell."""
    context = chromium.new_context(
        base_url=stack.url(SHELL), viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def open_dashboard(page: Page, user: str, tenant: str, dashboard: str) -> FrameLocator:
    """Click the way from the sign-in page to a dashboard."""
    page.goto("/")
    page.get_by_role("button", name=user).click()
    # With one tenant the shell may go straight on.
    page.wait_for_url(re.compile(r"/tenants?(/|$)"))
    if page.url.endswith("/tenants"):
        page.get_by_role("link", name=tenant).click()
    page.get_by_role("link", name=dashboard).click()
    page.wait_for_url("**/dashboard/**")
    return page.frame_locator("iframe")


@pytest.mark.parametrize(
    ("user", "tenant", "dashboard"),
    [
        ("analyst@acme.com", "Acme Corporation", "Customer"),
        ("analyst@acme.com", "Acme Corporation", "Risk"),
        ("viewer@beta.com", "Beta Industries", "Risk"),
    ],
)
def test_from_sign_in_to_a_figure(page: Page, user: str, tenant: str, dashboard: str) -> None:
    """Figures are drawn, nothing complains, no other host is asked, no token gets out."""
    witness = Witness(page)
    frame = open_dashboard(page, user, tenant, dashboard)
    wait_until_drawn(frame)
    assert frame.locator(".js-plotly-plot").count() >= 3

    assert witness.complaints == []
    assert witness.hosts == {urlsplit(page.url).netloc}
    assert any("_dash-config" in text for text in witness.texts)
    assert any('"figure"' in text for text in witness.texts)
    assert not [text for text in witness.texts if SIGNED_TOKEN.search(text)]
    stored = page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")
    assert not SIGNED_TOKEN.search(stored)
    assert "kyros_session" not in stored


def test_two_tabs_on_two_tenants(page: Page) -> None:
    """Each tab keeps to its own tenant, whichever was opened last."""
    first = open_dashboard(page, "admin@acme.com", "Acme Corporation", "Risk")
    wait_until_drawn(first)
    second = page.context.new_page()
    second.goto("/tenant/beta-ind/dashboard/risk-analysis")
    expect(second.frame_locator("iframe").get_by_text("6,000").first).to_be_visible()
    page.reload()
    expect(page.frame_locator("iframe").get_by_text("1,000").first).to_be_visible()
    expect(page.frame_locator("iframe").get_by_text("6,000 accounts")).to_have_count(0)


def test_another_tenants_address_is_refused(page: Page) -> None:
    """A person of Beta who types Acme's address gets a refusal as a page."""
    open_dashboard(page, "viewer@beta.com", "Beta Industries", "Risk")
    answer = page.goto("/tenant/acme-corp/dashboard/risk-analysis")
    assert answer is not None
    assert answer.status in {403, 404}
    assert "Acme" not in page.content()


def test_reload_polls_do_not_pile_up(page: Page) -> None:
    """While one waits for its answer no other is sent: connections are left for the figures."""
    wait_until_drawn(open_dashboard(page, "viewer@beta.com", "Beta Industries", "Risk"))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/_reload-hash", hold)
    page.wait_for_timeout(3000)
    assert len(held) == 1
