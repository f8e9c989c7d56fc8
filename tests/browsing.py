"""A dashboard in a real browser: behind a real server, in front of an API that is not there.

A plugin of pytest (``pyproject.toml`` names it), for the browser tests of the kit and of each
dashboard, which need no stack. A test module says what is to be served::

    @pytest.fixture(scope="module")
    def browsed() -> Browsed:
        return Browsed(DASHBOARD, FakeApi(...))

and its tests take ``visits``.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

import pytest
import uvicorn
from playwright.sync_api import Browser, expect, sync_playwright

from kyros_dash_kit import Dashboard, create_dash_app
from kyros_dash_kit.testing import FakeApi, make_settings, tenant_token

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request
    from starlette.types import ASGIApp

PATIENCE = 60_000  # ms: a busy machine is slow, and no test is about how slow
# No sandbox: CI runs as root. No traffic of the browser's own: a test counts the hosts it asks.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def missing(reason: str) -> NoReturn:
    """Skip a test that this machine cannot run; in CI nothing is skipped."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and in CI nothing is skipped")
    pytest.skip(reason)


@dataclass(frozen=True)
class Browsed:
    """What a test module opens in a browser.

    Attributes:
        dashboard: is served as in production.
        api: stands in for the API; a test may make it slow, or change its answers.
    """

    dashboard: Dashboard
    api: FakeApi


# Not for the session: while Playwright is open no other event loop may run in this thread.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or any other on PATH."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        missing("Chromium is not on this machine (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def served_at(browsed: Browsed) -> Iterator[str]:
    """Where the module's dashboard is served."""
    transport = browsed.api.transport
    app = create_dash_app(browsed.dashboard, make_settings(), transport=transport)
    with served(app, browsed.dashboard.slug) as address:
        yield address


@pytest.fixture
def visits(chromium: Browser, served_at: str, browsed: Browsed) -> Iterator[Visits]:
    """Visits of the module's dashboard; the API is quick and whole again afterwards."""
    expect.set_options(timeout=PATIENCE)
    api = browsed.api
    before = api.delay, api.views, api.rows
    all_visits = Visits(chromium, served_at)
    yield all_visits
    api.delay, api.views, api.rows = before
    all_visits.end()


@contextmanager
def served(app: ASGIApp, slug: str) -> Iterator[str]:
    """Serve a dashboard as in production, for the length of a block.

    Yields:
        where it is.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(
            app, log_level="error", access_log=False, timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        arguments = {"sockets": [listening]}
        thread = threading.Thread(target=server.run, kwargs=arguments, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/dash/{slug}/"
        finally:
            server.should_exit = True
            thread.join(timeout=10)


@dataclass
class Witness:
    """What a page asked for and complained about.

    Attributes:
        complaints: errors and warnings of the console, and what nobody caught.
        requests: all, in order.
    """

    complaints: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Begin."""
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)

    def _asked(self, request: Request) -> None:
        self.requests.append(request)

    def _heard(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self.complaints.append(said.text)

    def asked_for(self, part: str) -> list[Request]:
        """Return the requests whose address has this in it."""
        return [one for one in self.requests if part in one.url]

    def fills(self) -> list[Request]:
        """Return the questions of the page's callback."""
        return self.asked_for("_dash-update-component")

    def bytes_received(self) -> int:
        """Return how much came over the wire, headers too."""
        sizes = [one.sizes() for one in self.requests if one.response()]
        return sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes)


@dataclass
class Visit:
    """A dashboard's page, as one reader sees it.

    Attributes:
        page: Playwright's.
        witness: of the page.
        address: of the dashboard.
    """

    page: Page
    witness: Witness
    address: str

    def open(self, query: str = "") -> Page:
        """Open the page by its URL, and wait for its figures."""
        self.page.goto(self.address + query)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until nothing is on its way."""
        self.page.locator('#kyros-content[aria-busy="false"]').wait_for(state="attached")

    @property
    def query(self) -> str:
        """The query of the page's URL."""
        return self.page.url.partition("?")[2]

    def tab(self, name: str) -> Locator:
        """Return a tab of the bar."""
        return self.page.get_by_role("tab", name=name)

    def drop_down(self, label: str) -> Locator:
        """Return a filter's drop-down."""
        return self.page.get_by_role("group", name=label).locator("button:not(.term)").first

    def choose(self, label: str, option: str) -> None:
        """Choose an option of a drop-down."""
        self.drop_down(label).click()
        self.page.get_by_role("option", name=option, exact=True).click()


class Visits:
    """Visits of a dashboard; each is a reader of its own."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._address = address
        self._contexts: list[BrowserContext] = []

    def new(
        self,
        *,
        tenant: str = "acme",
        width: int = 1280,
        dark: bool = False,
        still: bool = False,
    ) -> Visit:
        """Begin a visit.

        Args:
            tenant: whose token the shell sends.
            width: of the window, in pixels.
            dark: whether the system is dark.
            still: whether the reader wants no motion.
        """
        context = self._browser.new_context(
            viewport={"width": width, "height": 900},
            extra_http_headers={"Authorization": f"Bearer {tenant_token(tenant)}"},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if still else "no-preference",
        )
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE)
        witness, page = Witness(), context.new_page()
        witness.watch(page)
        return Visit(page, witness, self._address)

    def end(self) -> None:
        """Close all windows."""
        for context in self._contexts:
            context.close()
