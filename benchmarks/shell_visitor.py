"""A visitor of the shell: Chromium, which says by its own clock what was painted when."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

    from benchmarks.production import Platform

_PATIENCE = 30_000  # ms
# Somebody reads before they click; by then what the page asks for ahead has come.
_READING = 700  # ms
_PAUSE = 20  # ms
DESKTOP = (1280, 900)
PHONE = (390, 844)

# In every page from its start. A click is kept where the next document finds it; after each frame
# it is noted which of the awaited elements are there, since a frame shows what it began with.
_NOTES = """
    addEventListener("click", (event) => {
      sessionStorage.setItem("clicked", String(performance.timeOrigin + event.timeStamp));
    }, { capture: true });
    const shifts = [];
    let largest = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifts.push(entry.value);
    }).observe({ type: "layout-shift", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) largest = entry.startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
    window.notes = () => ({ largest, shifted: shifts.reduce((sum, value) => sum + value, 0) });
    const seen = () => {
      const awaited = sessionStorage.getItem("awaited");
      const [path, selector] = awaited === null ? [] : JSON.parse(awaited);
      if (awaited !== null && location.pathname === path && document.querySelector(selector)) {
        sessionStorage.removeItem("awaited");
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
          sessionStorage.setItem("painted", String(performance.timeOrigin + performance.now()));
        };
        channel.port2.postMessage(null);
      }
      requestAnimationFrame(seen);
    };
    requestAnimationFrame(seen);
"""
_TOOK = """() => {
    const [clicked, painted] = ["clicked", "painted"].map((name) => sessionStorage.getItem(name));
    return painted === null ? null : Number(painted) - Number(clicked);
}"""
# What the browser had kept has a size too. The embedded dashboard's scripts are not among these.
_SCRIPT = """() => performance.getEntriesByType("resource")
    .filter((entry) => new URL(entry.name).pathname.endsWith(".js"))
    .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""


@dataclass(frozen=True)
class Seen:
    """What the browser says of a page.

    Attributes:
        largest: ms from asking for it to its largest contentful paint.
        shifted: the sum of its layout shifts.
        script: bytes over the wire of the scripts that it needs.
    """

    largest: float
    shifted: float
    script: float


class Visitor:
    """Somebody with a browser that has kept nothing yet."""

    def __init__(
        self, browser: Browser, platform: Platform, window: tuple[int, int] = DESKTOP
    ) -> None:
        width, height = window
        self._context = browser.new_context(
            base_url=platform.url(), viewport={"width": width, "height": height}
        )
        self._context.set_default_timeout(_PATIENCE)
        self._context.add_init_script(_NOTES)
        self._page = self._context.new_page()

    def open(self, path: str) -> Seen:
        """Open a page by its address; return what the browser says of it."""
        self._page.goto(path)
        return self.look()

    def look(self) -> Seen:
        """Read the page that is there."""
        self._page.wait_for_load_state("load")
        self._page.wait_for_timeout(_READING)
        notes: dict[str, Any] = self._page.evaluate("notes()")
        return Seen(**notes, script=float(self._page.evaluate(_SCRIPT)))

    def wait_for_dashboard(self) -> None:
        """Wait until the embedded dashboard shows its figures."""
        drawn = '#kyros-content[aria-busy="false"]'
        self._page.frame_locator("iframe").locator(drawn).wait_for(state="attached")
        self._page.wait_for_timeout(_READING)

    def button(self, name: str) -> Locator:
        """Return a button of the page."""
        return self._page.get_by_role("button", name=name)

    def link(self, name: str) -> Locator:
        """Return a link of the page."""
        return self._page.get_by_role("link", name=name).first

    def click(self, place: Locator, path: str, content: str) -> float:
        """Click, and wait until the next page's content is painted.

        Args:
            place: what is clicked.
            path: of the next page.
            content: a selector of what makes it that page.

        Returns:
            the milliseconds from the click to the end of the frame that shows the content.
        """
        self._page.evaluate(
            "([...awaited]) => { sessionStorage.removeItem('painted');"
            " sessionStorage.setItem('awaited', JSON.stringify(awaited)); }",
            [path, content],
        )
        place.click()
        self._page.wait_for_url(f"**{path}")
        # Not wait_for_function, which evaluates text in the page: its policy forbids that.
        end = time.monotonic() + _PATIENCE / 1000
        while (took := self._page.evaluate(_TOOK)) is None and time.monotonic() < end:
            self._page.wait_for_timeout(_PAUSE)
        self.look()
        return float(took)

    def forget_session(self) -> None:
        """Be signed out; what the browser has kept of the pages stays."""
        self._context.clear_cookies()

    def leave(self) -> None:
        """Close the browser and forget what it has kept."""
        self._context.close()
