"""``python -m benchmarks.dashboards_speed``: what a reader waits for, in a real browser.

API and dashboards run as their images run them; Chromium opens the dashboards as the shell does,
with a tenant's token. Each change asks for a combination of filters that is new to the API.
"""

from __future__ import annotations

import itertools
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

import duckdb
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from benchmarks.browser import Reader, open_chromium
from benchmarks.made_up import purchases
from benchmarks.servers import environment, serve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from playwright.sync_api import Browser

    from benchmarks.servers import Server

CHANGES = 40
LARGE = 1_000_000
FIRST_FIGURE = 1500.0  # ms
FIRST_LOAD = 2_000_000  # bytes over the wire
REDRAW = {"demo": 250.0, "million": 500.0}  # ms, at the 95th percentile

_ACCOUNTS = f"""
    SELECT printf('A%07d', i) AS account_id, exposure, hash(i, 9) % 1000 < risk AS defaulted,
           ['Overdrawn', 'Low', 'Medium', 'High'][1 + part] AS checking_account,
           ['Rent', 'Own'][1 + (hash(i, 4) % 2)::INTEGER] AS housing,
           (hash(i, 5) % 60)::INTEGER + 18 AS age
    FROM (SELECT i, round((hash(i) % 2000000) / 100, 2)::DOUBLE AS exposure,
                 (hash(i, 2) % 4)::INTEGER AS part, [500, 250, 120, 50][1 + part] AS risk
          FROM range({LARGE}) AS numbers(i))
"""  # noqa: S608 - numbers of this module


@dataclass(frozen=True)
class Subject:
    """A dashboard, and the filters that are changed.

    Attributes:
        slug: the dashboard's.
        application: what uvicorn runs.
        rows: a query for a million rows of its input.
        filters: values by parameter; they are combined.
    """

    slug: str
    application: str
    rows: str
    filters: Mapping[str, Sequence[Any]]


SUBJECTS = (
    Subject(
        "customer-lifetime-value",
        "kyros_dash_app_clv.main:app",
        purchases(LARGE),
        {
            "horizon": ["13", "26", "104", "156"],
            "cohort": [None, "1997-01", "1997-02", "1997-03"],
            "segment": [None, "high", "medium", "low"],
            "rate": ["0", "5", "15", "20"],
        },
    ),
    Subject(
        "risk-analysis",
        "kyros_dash_app_risk.main:app",
        _ACCOUNTS,
        {
            "stress": [1.5, 2, 2.5, 3],
            "band": [None, "low", "warning", "critical"],
            "lgd": [20, 30, 60, 80],
        },
    ),
)


@dataclass(frozen=True)
class Measured:
    """What a reader waits for on one dashboard with one data set.

    Attributes:
        name: of both.
        first_figure: ms to the first figure, the browser's cache empty and then full.
        bytes_over_the_wire: of the first load, the browser's cache empty.
        redraws: ms from a change to the last figure, sorted.
        limit: ms for the 95th percentile of those.
    """

    name: str
    first_figure: tuple[float, float]
    bytes_over_the_wire: int
    redraws: list[float]
    limit: float

    @property
    def p95(self) -> float:
        """Milliseconds at the 95th percentile of the redraws."""
        return quantiles(self.redraws, n=20)[-1]

    @property
    def holds(self) -> bool:
        """Whether each claim does."""
        return (
            self.first_figure[1] <= FIRST_FIGURE
            and self.bytes_over_the_wire <= FIRST_LOAD
            and self.p95 <= self.limit
        )


def main() -> None:
    """Measure and print; exit 1 when a claim does not hold."""
    folder = Path(tempfile.mkdtemp(prefix="kyros-benchmark-"))
    try:
        with open_chromium() as chromium:
            demo = _measure(chromium, _demo(folder / "demo"), "demo")
            million = _measure(chromium, _million(folder / "million"), "million")
    finally:
        shutil.rmtree(folder)
    Console(width=110).print(_as_table([*demo, *million]))
    sys.exit(0 if all(item.holds for item in [*demo, *million]) else 1)


def _demo(data: Path) -> Path:
    shutil.copytree(Path(__file__).parents[1] / "data" / "source", data / "source")
    _run(data, "seed", "--no-passwords")
    return data


def _million(data: Path) -> Path:
    _demo(data)
    for subject in SUBJECTS:
        file = data / f"{subject.slug}.parquet"
        with duckdb.connect() as database:
            database.sql(subject.rows).write_parquet(str(file))
        _run(data, "ingest", "--tenant", "acme-corp", "--dashboard", subject.slug, str(file))
        file.unlink()
    return data


def _run(data: Path, *arguments: str) -> None:
    program = Path(sys.executable).with_name("kyros-api")
    subprocess.run([program, *arguments], env=environment(data), check=True)  # noqa: S603


def _measure(chromium: Browser, data: Path, name: str) -> list[Measured]:
    found = []
    with serve("kyros_api.main:app", environment(data), data / "api.log") as api:
        for subject in SUBJECTS:
            env = environment(data) | {"API_URL": api.url("")}
            with serve(subject.application, env, data / f"{subject.slug}.log") as dashboard:
                found.append(_try(chromium, dashboard, subject, name))
    return found


def _try(chromium: Browser, dashboard: Server, subject: Subject, name: str) -> Measured:
    address = dashboard.url(f"/dash/{subject.slug}/")
    Reader(chromium, address).leave()  # the server's first answers load what it needs
    reader = Reader(chromium, address)
    received = reader.received
    warm = median(reader.reload() for _ in range(5))
    redraws = sorted(reader.change(*change) for change in _changes(subject.filters))
    reader.leave()
    first = (reader.first_figure, warm)
    return Measured(f"{subject.slug}, {name}", first, received, redraws, REDRAW[name])


def _changes(filters: Mapping[str, Sequence[Any]]) -> list[tuple[str, Any]]:
    """Return one change after the other, by turns of the filters, to combinations not yet seen."""
    turns = [
        [(name, values[turn % len(values)]) for turn in range(position, CHANGES)]
        for position, (name, values) in enumerate(filters.items())
    ]
    return list(itertools.chain.from_iterable(zip(*turns, strict=False)))[:CHANGES]


def _as_table(measured: Sequence[Measured]) -> Table:
    table = Table(box=SIMPLE, title=f"What a reader waits for, {CHANGES} changes of filters each")
    table.add_column("Dashboard, data", no_wrap=True)
    for column in (
        "First figure, empty cache",
        f"full cache (<= {FIRST_FIGURE:.0f} ms)",
        f"First load (<= {FIRST_LOAD / 1e6:.0f} MB)",
        "Redraw, median",
        "95th percentile",
        "at most",
    ):
        table.add_column(column, justify="right")
    table.add_column("")
    for item in measured:
        table.add_row(
            item.name,
            f"{item.first_figure[0]:.0f} ms",
            f"{item.first_figure[1]:.0f} ms",
            f"{item.bytes_over_the_wire / 1e6:.2f} MB",
            f"{median(item.redraws):.0f} ms",
            f"{item.p95:.0f} ms",
            f"{item.limit:.0f} ms",
            "holds" if item.holds else "does not hold",
        )
    return table


if __name__ == "__main__":
    main()
