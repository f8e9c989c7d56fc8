"""``python -m benchmarks.shell_speed``: what people wait for in the shell, in a real browser.

The production build in front of the real services, all as their images run them. Each page is
opened once before it is measured: this is about a shell that is in use, not one that just started.
The sign-in page is opened by a browser that has kept nothing; who clicks has been here before.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from benchmarks.browser import open_chromium
from benchmarks.made_up_tenants import add_tenants
from benchmarks.production import running, seed
from benchmarks.shell_visitor import DESKTOP, PHONE, Visitor
from scripts.support import shell_build

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from playwright.sync_api import Browser

    from benchmarks.production import Platform

ROUNDS = 5
VISITS = 3  # before the clicks that count: by then a browser has kept the compiled scripts too
MANY = 200  # tenants
LARGEST = 1000.0  # ms to the sign-in page's largest contentful paint
SHIFTED = 0.05
SCRIPT = 150_000  # bytes over the wire
CLICK = 200.0  # ms
ADMIN, VIEWER = "admin@acme.com", "viewer@beta.com"
TENANT = "/tenant/acme-corp"
PAGES = (
    "/tenants",
    TENANT,
    f"{TENANT}/dashboard/risk-analysis",
    f"{TENANT}/audit",
    f"{TENANT}/inspector",
    "/nothing/here",
)


@dataclass(frozen=True)
class Claim:
    """Something that is claimed, and what was measured.

    Attributes:
        title: what a person calls it.
        measured: what counts, in the unit.
        limit: what it has to stay under.
        unit: as a format string.
        slowest: of the rounds, where there are any.
    """

    title: str
    measured: float
    limit: float
    unit: str = "{:.0f} ms"
    slowest: float | None = None

    @property
    def holds(self) -> bool:
        """Whether it is so."""
        return self.measured <= self.limit


def main() -> None:
    """Measure and print; exit 1 when a claim does not hold."""
    folder = Path(tempfile.mkdtemp(prefix="kyros-benchmark-"))
    try:
        data = seed(folder / "data")
        with running(data, shell_build.build()) as platform, open_chromium() as chromium:
            few = [*_measure(chromium, platform)]
            add_tenants(platform.data, MANY, VIEWER)
            many = [*_measure_many(chromium, platform)]
    finally:
        shutil.rmtree(folder)
    claims = [*few, *many]
    Console(width=110).print(_as_table(claims))
    sys.exit(0 if all(claim.holds for claim in claims) else 1)


def _measure(chromium: Browser, platform: Platform) -> Iterator[Claim]:
    _warm(chromium, platform)
    yield _sign_in_page(chromium, platform)
    yield from _pages(chromium, platform)
    visitor = Visitor(chromium, platform)
    rounds: dict[str, list[float]] = {}
    for turn in range(VISITS + ROUNDS):
        visitor.forget_session()
        for name, took in _journey(visitor):
            if turn >= VISITS:
                rounds.setdefault(name, []).append(took)
    visitor.leave()
    yield from _clicks(rounds)


def _warm(chromium: Browser, platform: Platform) -> None:
    visitor = Visitor(chromium, platform)
    for _ in _journey(visitor):
        pass
    for page in PAGES:
        visitor.open(page)
    visitor.leave()


def _sign_in_page(chromium: Browser, platform: Platform) -> Claim:
    rounds = []
    for _ in range(ROUNDS):
        visitor = Visitor(chromium, platform)
        rounds.append(visitor.open("/sign-in").largest)
        visitor.leave()
    title = "Sign-in page, largest contentful paint"
    return Claim(title, median(rounds), LARGEST, slowest=max(rounds))


def _pages(chromium: Browser, platform: Platform) -> Iterator[Claim]:
    for name, window in (("desktop", DESKTOP), ("phone", PHONE)):
        visitor = Visitor(chromium, platform, window)
        seen = {"/sign-in": visitor.open("/sign-in")}
        visitor.click(visitor.button(ADMIN), "/tenants", "main h1")
        seen |= {page: visitor.open(page) for page in PAGES}
        visitor.leave()
        worst = max(seen, key=lambda page: seen[page].shifted)
        yield Claim(f"Layout shift, {name}: {worst}", seen[worst].shifted, SHIFTED, "{:.3f}")
    worst = max(seen, key=lambda page: seen[page].script)
    yield Claim(f"Script: {worst}", seen[worst].script / 1000, SCRIPT / 1000, "{:.1f} kB")


def _journey(visitor: Visitor) -> Iterator[tuple[str, float]]:
    """Yield each click's name and milliseconds: from signing in to a dashboard and about."""
    visitor.open("/sign-in")
    yield "sign in", visitor.click(visitor.button(ADMIN), "/tenants", "main h1")
    yield "a tenant", visitor.click(visitor.link("Acme Corporation"), TENANT, _DASHBOARDS)
    dashboard = f"{TENANT}/dashboard/risk-analysis"
    yield "a dashboard", visitor.click(visitor.link("Risk"), dashboard, "iframe")
    visitor.wait_for_dashboard()
    home = visitor.link("Kyros, all tenants")
    yield "back to the tenants", visitor.click(home, "/tenants", "main h1")


_DASHBOARDS = 'main a[href*="/dashboard/"]'


def _measure_many(chromium: Browser, platform: Platform) -> Iterator[Claim]:
    visitor = Visitor(chromium, platform)
    rounds: dict[str, list[float]] = {}
    shifted = 0.0
    for turn in range(VISITS + ROUNDS):
        visitor.forget_session()
        visitor.open("/sign-in")
        clicks = [("sign in", visitor.click(visitor.button(VIEWER), "/tenants", "main h1"))]
        shifted = max(shifted, visitor.open("/tenants").shifted)
        slug = f"tenant-{10 * turn + 1:03}"
        card = visitor.link(slug.replace("tenant-", "Tenant "))
        clicks.append(("a tenant", visitor.click(card, f"/tenant/{slug}", _DASHBOARDS)))
        home = visitor.link("Kyros, all tenants")
        clicks.append(("back to the tenants", visitor.click(home, "/tenants", "main h1")))
        for name, took in clicks if turn >= VISITS else []:
            rounds.setdefault(f"{name}, {MANY} tenants", []).append(took)
    visitor.leave()
    yield Claim(f"Layout shift, {MANY} tenants", shifted, SHIFTED, "{:.3f}")
    yield from _clicks(rounds)


def _clicks(rounds: dict[str, list[float]]) -> Iterator[Claim]:
    for name, took in rounds.items():
        yield Claim(f"A click: {name}", median(took), CLICK, slowest=max(took))


def _as_table(claims: Iterable[Claim]) -> Table:
    table = Table(box=SIMPLE, title=f"What people wait for in the shell, medians of {ROUNDS}")
    table.add_column("", no_wrap=True)
    for column in ("measured", "slowest", "at most"):
        table.add_column(column, justify="right")
    table.add_column("")
    for claim in claims:
        table.add_row(
            claim.title,
            claim.unit.format(claim.measured),
            "" if claim.slowest is None else claim.unit.format(claim.slowest),
            claim.unit.format(claim.limit),
            "holds" if claim.holds else "does not hold",
        )
    return table


if __name__ == "__main__":
    main()
