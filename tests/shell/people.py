"""Somebody in front of the shell: a browser with cookies, a window and wishes of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browsing import PATIENCE, Witness

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page

    from benchmarks.production import Platform

_PHONE = 480  # pixels across, at most


@dataclass
class Person:
    """Somebody with a browser.

    Attributes:
        context: theirs alone; another tab of theirs is ``context.new_page()``.
        page: the first tab.
        witness: of the first tab.
    """

    context: BrowserContext
    page: Page
    witness: Witness

    def sign_in(self, email: str, password: str | None = None, path: str = "/") -> None:
        """Sign in: as a demo user by a click, or with a password.

        Args:
            email: whose.
            password: of the account; without one it is a demo user.
            path: the page that they want to see.
        """
        self.page.goto(path)
        if password is None:
            self.page.get_by_role("button", name=email).click()
        else:
            self.page.get_by_label("Email").fill(email)
            self.page.get_by_label("Password", exact=True).fill(password)
            self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        # With one tenant the shell goes straight on: a header alone is not where they arrive.
        self.page.locator("#content").wait_for()

    def enter(self, tenant: str, dashboard: str) -> FrameLocator:
        """Go from signing in to a dashboard by clicks; returns its frame."""
        self.page.wait_for_url(re.compile(r"/tenants?(/|$)"))
        if self.page.url.endswith("/tenants"):  # with one tenant the shell goes straight on
            self.page.get_by_role("link", name=tenant).click()
        self.page.get_by_role("link", name=dashboard).click()
        self.page.wait_for_url("**/dashboard/**")
        return self.frame

    @property
    def frame(self) -> FrameLocator:
        """The embedded dashboard."""
        return self.page.frame_locator("iframe")


def wait_until_drawn(frame: FrameLocator) -> None:
    """Wait until every figure of a dashboard shows marks: bars, lines or points."""
    plots = frame.locator(".js-plotly-plot")
    plots.first.wait_for()
    for plot in plots.all():
        plot.locator(".trace path, .point path, canvas").first.wait_for(state="attached")


class People:
    """Everybody that a test needs; their windows close when it ends."""

    def __init__(self, browser: Browser, platform: Platform) -> None:
        self._browser = browser
        self._platform = platform
        self._contexts: list[BrowserContext] = []
        expect.set_options(timeout=PATIENCE)

    def new(  # noqa: PLR0913 - all but the first by name
        self,
        platform: Platform | None = None,
        *,
        width: int = 1280,
        dark: bool = False,
        locale: str = "en-GB",
        zone: str | None = None,
        still: bool = False,
    ) -> Person:
        """Bring somebody in front of the shell.

        Args:
            platform: whose shell; by default the one that tests share.
            width: of the window, in pixels.
            dark: whether their system is dark.
            locale: of their browser.
            zone: of their clock, such as ``Asia/Tokyo``; by default the machine's.
            still: whether they want no motion.
        """
        context = self._browser.new_context(
            base_url=(platform or self._platform).url(),
            viewport={"width": width, "height": 900 if width > _PHONE else 800},
            color_scheme="dark" if dark else "light",
            locale=locale,
            timezone_id=zone,
            reduced_motion="reduce" if still else "no-preference",
        )
        return self._seat(context)

    def new_without_script(self, platform: Platform | None = None) -> Person:
        """Bring somebody whose browser runs no script."""
        url = (platform or self._platform).url()
        return self._seat(self._browser.new_context(base_url=url, java_script_enabled=False))

    def _seat(self, context: BrowserContext) -> Person:
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE)
        witness, page = Witness(), context.new_page()
        witness.watch(page)
        return Person(context, page, witness)

    def leave(self) -> None:
        """Close all windows."""
        for context in self._contexts:
            context.close()
