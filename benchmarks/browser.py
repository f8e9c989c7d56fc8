"""A reader of a dashboard: Chromium, with a tenant's token as the shell sends it."""

from __future__ import annotations

import shutil
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from benchmarks.servers import tenant_header

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

_PATIENCE = 60_000  # ms
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_MARKS = ".js-plotly-plot .trace path, .js-plotly-plot .point path, .js-plotly-plot .hm image"

# Resolves to the milliseconds from a change of a filter to the last figure that it redraws.
_CHANGE = """
    ([name, value, patience]) => new Promise((resolve, reject) => {
      const plots = [...document.querySelectorAll(".js-plotly-plot")].filter((plot) => plot.on);
      const began = performance.now();
      let answered = 0, drawn = 0;
      const note = () => { drawn = performance.now(); };
      for (const plot of plots) plot.on("plotly_afterplot", note);
      const observer = new PerformanceObserver((entries) => {
        for (const entry of entries.getEntries())
          if (entry.name.includes("_dash-update-component") && entry.startTime >= began)
            answered = entry.responseEnd;
      });
      observer.observe({ type: "resource" });
      const slider = document.querySelector(`[data-slider="${name}"] input`);
      if (slider) {
        slider.value = value;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      } else {
        window.dash_clientside.set_props(name, { value });
      }
      const done = () => {
        const last = Math.max(answered, drawn);
        if (!answered && performance.now() - began > patience)
          return reject(new Error(`Setting ${name} to ${value} changes nothing.`));
        if (!answered || performance.now() - last < 300) return setTimeout(done, 20);
        observer.disconnect();
        for (const plot of plots) plot.removeListener("plotly_afterplot", note);
        resolve(last - began);
      };
      done();
    })
"""


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Start Chromium, and close it when the block ends."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise SystemExit("Chromium is not on this machine (apt-get install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        yield browser
        browser.close()


class Reader:
    """Somebody who has opened a dashboard for the first time.

    Attributes:
        first_figure: ms from asking for the page to its first figure.
        received: bytes over the wire until nothing more came.
    """

    def __init__(self, chromium: Browser, address: str) -> None:
        window = {"width": 1280, "height": 900}
        self._context = chromium.new_context(
            extra_http_headers=tenant_header(),
            viewport=window,  # type: ignore[arg-type] # a TypedDict of Playwright's own
        )
        self._context.set_default_timeout(_PATIENCE)
        self._page = self._context.new_page()
        self._address = address
        self.received = 0
        network = self._context.new_cdp_session(self._page)
        network.send("Network.enable")
        network.on("Network.loadingFinished", self._count)
        self.first_figure = self.reload()
        self._page.wait_for_load_state("networkidle")

    def _count(self, event: dict[str, Any]) -> None:
        self.received += int(event["encodedDataLength"])

    def reload(self) -> float:
        """Open the page, by what the browser has kept; return the ms to its first figure."""
        began = time.perf_counter()
        self._page.goto(self._address, wait_until="commit")
        self._page.locator(_MARKS).first.wait_for(state="attached")
        return (time.perf_counter() - began) * 1000

    def change(self, name: str, value: object) -> float:
        """Set a filter; return the ms to the last figure that it redraws."""
        return float(self._page.evaluate(_CHANGE, [name, value, _PATIENCE]))

    def leave(self) -> None:
        """Close the page and forget what it has kept."""
        self._context.close()
