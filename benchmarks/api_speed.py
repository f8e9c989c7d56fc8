"""``python -m benchmarks.api_speed``: the API against the smallest routes that do the same work.

Each pair is measured in turns, in one run, on 16 connections that stay open, one worker each. What
counts is the ratio: the figures themselves depend on the machine and on what else it does.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

import requests
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from benchmarks.load import Measured, Request, run
from benchmarks.servers import (
    ACME,
    Server,
    environment,
    keep_apart,
    serve,
    tenant_header,
    user_header,
)

CONNECTIONS = 16
ROUNDS = 7
SECONDS = 1.5
SLOWEST_P99 = 3.0  # times the other's
ROWS = "/api/dashboards/customer-lifetime-value/data?limit=100"


class Claim(NamedTuple):
    """What is said of a route's speed.

    Attributes:
        title: what a person calls it.
        request: that both servers answer.
        share: of the other's answers per second, at the least.
    """

    title: str
    request: Request
    share: float


class Result(NamedTuple):
    """Both servers' medians over the rounds."""

    claim: Claim
    reference: Measured
    api: Measured

    @property
    def share(self) -> float:
        """The API's answers per second, as a share of the reference's."""
        return self.api.per_second / self.reference.per_second

    @property
    def p99(self) -> float:
        """The API's 99th percentile, in times of the reference's."""
        return self.api.p99 / self.reference.p99

    @property
    def holds(self) -> bool:
        """Whether what is said is so."""
        return self.share >= self.claim.share and self.p99 <= SLOWEST_P99


def claims() -> list[Claim]:
    """Return what is claimed."""
    json = {"Content-Type": "application/json"}
    body = f'{{"tenant_id": "{ACME}"}}'.encode()
    exchange = Request("POST", "/api/token/exchange", {**user_header(), **json}, body)
    return [
        Claim("health", Request("GET", "/health"), 0.8),
        Claim("token exchange", exchange, 0.6),
        Claim("who am I", Request("GET", "/api/me", user_header()), 0.6),
        Claim("100 rows", Request("GET", ROWS, tenant_header()), 0.5),
    ]


def main() -> None:
    """Measure and print; exit 1 when a claim does not hold."""
    folder = Path(tempfile.mkdtemp(prefix="kyros-benchmark-"))
    try:
        results = measure(folder)
    finally:
        shutil.rmtree(folder)
    Console(width=110).print(as_table(results))
    sys.exit(0 if all(result.holds for result in results) else 1)


def measure(folder: Path) -> list[Result]:
    """Seed, serve and load both."""
    shutil.copytree("data/source", folder / "source")
    env = environment(folder) | {"READY_MADE": str(folder / "rows.json")}
    seed = [sys.executable, "-c", "from kyros_api.cli import main; main()", "seed"]
    subprocess.run([*seed, "--no-passwords"], env=env, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    with serve("kyros_api.main:app", env, folder / "api.log") as api:
        answer = requests.get(api.url(ROWS), headers=tenant_header(), timeout=30)
        answer.raise_for_status()
        (folder / "rows.json").write_bytes(answer.content)
        with serve("benchmarks.reference:app", env, folder / "reference.log") as reference:
            keep_apart(api, reference)
            return [asyncio.run(_compare(claim, reference, api)) for claim in claims()]


async def _compare(claim: Claim, reference: Server, api: Server) -> Result:
    rounds: dict[Server, list[Measured]] = {reference: [], api: []}
    for _ in range(ROUNDS):
        for server, measured in rounds.items():
            measured.append(
                await run(server.port, claim.request, connections=CONNECTIONS, seconds=SECONDS)
            )
    return Result(claim, _median(rounds[reference]), _median(rounds[api]))


def _median(rounds: list[Measured]) -> Measured:
    return Measured(
        median(item.per_second for item in rounds),
        median(item.median for item in rounds),
        median(item.p99 for item in rounds),
    )


def as_table(results: list[Result]) -> Table:
    """Return the table that is printed."""
    table = Table(box=SIMPLE, title="The API against the smallest routes that do the same work")
    table.add_column("Route", no_wrap=True)
    for name in ("bare, 1/s", "API, 1/s", "share", "at least", "p99 bare", "p99 API", "times"):
        table.add_column(name, justify="right")
    table.add_column("at most 3")
    for result in results:
        table.add_row(
            result.claim.title,
            f"{result.reference.per_second:,.0f}",
            f"{result.api.per_second:,.0f}",
            f"{result.share:.0%}",
            f"{result.claim.share:.0%}",
            f"{result.reference.p99 * 1000:.1f} ms",
            f"{result.api.p99 * 1000:.1f} ms",
            f"{result.p99:.1f}",
            "holds" if result.holds else "[bold]does not hold[/bold]",
        )
    return table


if __name__ == "__main__":
    main()
