"""``python -m benchmarks.proxy_speed``: dashboards through the shell, against the same without it.

The services run as their images run them. Each request is sent to the dashboard itself, with a
tenant's token, and through the shell, with the session cookie of somebody who signed in; in short
turns, in one run, since a machine is now faster and now slower. What counts is the median over the
turns of how much later the median answer came, and of the ratio of the answers per second.

Where there are two processors, dashboard and API have one of them; the other is shared by the shell
and by whoever asks.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import sys
import tempfile
from functools import partial
from operator import attrgetter
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import psutil
import requests
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from benchmarks.load import Measured, Request, run
from benchmarks.production import running, seed
from benchmarks.servers import tenant_header
from kyros_dash_kit.testing import question
from scripts.support import shell_build
from scripts.support.project import API, RISK, SHELL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.production import Platform

WARM_UP = 1.5  # seconds
ADDED = 5.0  # ms at the median, at the most
SHARE = 0.6  # of the dashboard's own answers per second, at the least
SLUG = "risk-analysis"
DIRECT = f"/dash/{SLUG}/"
SHOWN = f"/tenant/acme-corp/dash/{SLUG}/"


class Schedule(NamedTuple):
    """How a case is asked for: so many turns, each both ways.

    Attributes:
        connections: requests at a time.
        turns: how often.
        seconds: each turn, each way.
    """

    connections: int
    turns: int
    seconds: float


ALONE = Schedule(connections=1, turns=30, seconds=0.35)
CROWD = Schedule(connections=16, turns=10, seconds=1.0)


class Turn(NamedTuple):
    """What came of one turn, directly and through the shell."""

    direct: Measured
    proxied: Measured


class Case(NamedTuple):
    """The same request both ways.

    Attributes:
        title: what a person calls it.
        direct: to the dashboard.
        proxied: to the shell.
    """

    title: str
    direct: Request
    proxied: Request


class Result(NamedTuple):
    """What was measured.

    Attributes:
        case: what was asked.
        alone: one request at a time.
        crowd: many at a time.
    """

    case: Case
    alone: list[Turn]
    crowd: list[Turn]

    @property
    def added(self) -> float:
        """Milliseconds that the shell adds at the median."""
        return median(turn.proxied.median - turn.direct.median for turn in self.alone) * 1000

    @property
    def share(self) -> float:
        """Answers per second through the shell, as a share of the dashboard's own."""
        return median(turn.proxied.per_second / turn.direct.per_second for turn in self.crowd)

    @property
    def holds(self) -> bool:
        """Whether what is said is so."""
        return self.added <= ADDED and self.share >= SHARE


def main() -> None:
    """Measure and print; exit 1 when a claim does not hold."""
    folder = Path(tempfile.mkdtemp(prefix="kyros-benchmark-"))
    try:
        with running(seed(folder / "seeded"), shell_build.build()) as platform:
            share_processors(platform)
            results = [asyncio.run(_measure(platform, case)) for case in cases(platform)]
    finally:
        shutil.rmtree(folder)
    Console(width=120).print(as_table(results))
    sys.exit(0 if all(result.holds for result in results) else 1)


def cases(platform: Platform) -> list[Case]:
    """Return what is asked for: what a page loads, and what each change of a filter asks."""
    token, cookie = tenant_header(), {"Cookie": _sign_in(platform)}
    page = requests.get(platform.url(RISK) + DIRECT, headers=token, timeout=30).text
    dependencies = f"{platform.url(RISK)}{DIRECT}_dash-dependencies"
    callbacks = requests.get(dependencies, headers=token, timeout=30).json()
    body = json.dumps(question(callbacks, tab="portfolio", theme="light")).encode()
    common = {"Accept-Encoding": "gzip"}
    posted = common | {
        "Content-Type": "application/json",
        "Origin": platform.url(),
        "Sec-Fetch-Site": "same-origin",
    }

    def both(title: str, path: str, method: str = "GET", sent: bytes = b"") -> Case:
        headers = posted if sent else common
        direct = Request(method, DIRECT + path, headers | token, sent)
        return Case(title, direct, Request(method, SHOWN + path, headers | cookie, sent))

    script = re.findall(rf'src="({DIRECT}[^"]+dash_renderer[^"]+)"', page)[0]
    return [
        both("the page", ""),
        both("its layout", "_dash-layout"),
        both("a change of filters", "_dash-update-component", "POST", body),
        Case("a script", *[Request("GET", script, common)] * 2),
    ]


def share_processors(platform: Platform) -> None:
    """Keep what is measured apart from who measures, where there are two processors."""
    processors = sorted(os.sched_getaffinity(0))
    if len(processors) > 1:
        for service in (API, RISK):
            psutil.Process(platform.process(service).pid).cpu_affinity(processors[:1])
        psutil.Process(platform.process(SHELL).pid).cpu_affinity(processors[1:])
        os.sched_setaffinity(0, processors[1:])


def _sign_in(platform: Platform) -> str:
    """Return the cookies of somebody who has signed in."""
    headers = {"Origin": platform.url(), "Sec-Fetch-Site": "same-origin"}
    with requests.Session() as browser:
        form = {"email": "admin@acme.com"}
        browser.post(platform.url() + "/auth/sign-in", data=form, headers=headers, timeout=30)
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)


async def _measure(platform: Platform, case: Case) -> Result:
    direct, proxied = RISK.port(platform.ports), SHELL.port(platform.ports)
    for port, request in ((direct, case.direct), (proxied, case.proxied)):
        # What is loaded at first use is loaded here.
        await run(port, request, connections=4, seconds=WARM_UP)

    async def turns(schedule: Schedule) -> list[Turn]:
        load = partial(run, connections=schedule.connections, seconds=schedule.seconds)
        return [
            Turn(await load(direct, case.direct), await load(proxied, case.proxied))
            for _ in range(schedule.turns)
        ]

    return Result(case, await turns(ALONE), await turns(CROWD))


def as_table(results: Sequence[Result]) -> Table:
    """Return the table that is printed."""
    table = Table(box=SIMPLE, title="A dashboard through the shell, and without it")
    table.add_column("Request", no_wrap=True)
    columns = ("direct", "shell", "added", f"<= {ADDED:.0f} ms", "direct, 1/s", "shell, 1/s")
    for name in (*columns, "share"):
        table.add_column(name, justify="right")
    table.add_column(f">= {SHARE:.0%}")
    for result in results:
        table.add_row(
            result.case.title,
            *(f"{median(way) * 1000:.2f} ms" for way in _both_ways(result.alone, "median")),
            f"{result.added:.2f} ms",
            _verdict(holds=result.added <= ADDED),
            *(f"{median(way):,.0f}" for way in _both_ways(result.crowd, "per_second")),
            f"{result.share:.0%}",
            _verdict(holds=result.share >= SHARE),
        )
    return table


def _both_ways(turns: Sequence[Turn], figure: str) -> list[list[float]]:
    """Return what was measured in each turn, such as `median`: directly, through the shell."""
    return [list(map(attrgetter(f"{way}.{figure}"), turns)) for way in Turn._fields]


def _verdict(*, holds: bool) -> str:
    return "holds" if holds else "[bold]does not hold[/bold]"


if __name__ == "__main__":
    main()
