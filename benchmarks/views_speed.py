"""``python -m benchmarks.views_speed``: views over a hundred times the rows, and their memory.

Every request asks the real API for what it has not kept: the dashboard's settings are changed
before each, which makes what was kept out of date.
"""

from __future__ import annotations

import itertools
import shutil
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import requests
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from benchmarks.made_up import purchases
from benchmarks.servers import ACME, Server, environment, serve, tenant_header
from kyros_api.metadata.engine import sqlite_engine
from kyros_api.metadata.migrate import upgrade
from kyros_api.modelling.preparation import Options
from kyros_api.modelling.registry import PREPARATIONS
from kyros_api.modelling.tables import Origin, Work, write_version
from kyros_api.seeding.demo import ASSIGNMENTS
from kyros_api.seeding.rows import write_rows

if TYPE_CHECKING:
    import duckdb

SMALL, LARGE = 10_000, 1_000_000
ROUNDS = 9
LONGEST = 6.0  # times as long, for a hundred times the rows
MOST_MEMORY = 500.0  # MB; a download of every column of a million customers takes the most
CLV, RISK = "customer-lifetime-value", "risk-analysis"
SEGMENT = [{"column": "checking_account", "title": "Checking account"}]
PATHS = (
    f"{CLV}/views/summary",
    f"{CLV}/views/summary?cohort=1997-02&segment=high&horizon=104&rate=5",
    f"{CLV}/views/segments",
    f"{CLV}/views/value_distribution",
    f"{CLV}/views/concentration",
    f"{CLV}/views/cohorts",
    f"{CLV}/views/retention",
    f"{CLV}/views/cumulative_value",
    f"{CLV}/views/recency_frequency",
    f"{CLV}/views/tracking",
    f"{CLV}/views/customer?customer=C0000042",
    f"{CLV}/views/customer_alive?customer=C0000042",
    f"{RISK}/views/summary",
    f"{RISK}/views/expected_loss?by=checking_account",
    f"{RISK}/views/summary?stress=2&lgd=0.3&band=warning",
    f"{RISK}/views/exposure",
    f"{RISK}/views/score_distribution",
    f"{RISK}/views/stress_curve",
    f"{RISK}/views/scorecard",
    f"{RISK}/views/account_points?account=A0000042",
)

_ACCOUNTS = """
    SELECT printf('A%07d', i) AS account_id,
           round((hash(i) % 2000000) / 100, 2)::DOUBLE AS exposure,
           hash(i, 1) % 100 < 5 + 10 * (hash(i, 2) % 3) + hash(i, 3) % 20 AS defaulted,
           NULL::DOUBLE AS lgd,
           ['Overdrawn', '0 to 199 DM', '200 DM or more'][1 + (hash(i, 2) % 3)::INTEGER]
               AS checking_account,
           (hash(i, 3) % 20)::BIGINT AS months_overdue
    FROM range($customers) AS numbers(i)
"""


class Timed(NamedTuple):
    """Seconds that one path took, by the number of rows."""

    path: str
    small: float
    large: float

    @property
    def times(self) -> float:
        """How many times as long the large one took."""
        return self.large / self.small


def main() -> None:
    """Measure and print; exit 1 when a claim does not hold."""
    folder = Path(tempfile.mkdtemp(prefix="kyros-benchmark-"))
    try:
        small, _ = _measure(folder / "small", SMALL)
        large, memory = _measure(folder / "large", LARGE)
    finally:
        shutil.rmtree(folder)
    timed = [Timed(path, small[path], large[path]) for path in PATHS]
    console = Console(width=140)
    console.print(_as_table(timed))
    console.print(f"Most memory, one million rows: {memory:.0f} MB (at most {MOST_MEMORY:.0f}).")
    holds = memory <= MOST_MEMORY and all(item.times <= LONGEST for item in timed)
    sys.exit(0 if holds else 1)


def _measure(data: Path, rows: int) -> tuple[dict[str, float], float]:
    _make_data(data, rows)
    with serve("kyros_api.main:app", environment(data), data / "api.log") as api:
        rounds = [[_ask(api, data, path) for path in PATHS] for _ in range(ROUNDS)]
        for media_type in ("text/csv", "application/vnd.apache.arrow.stream"):
            _download(api, rows, media_type)
        memory = api.peak_memory()
    return dict(zip(PATHS, map(median, zip(*rounds, strict=True)), strict=True)), memory


def _make_data(data: Path, rows: int) -> None:
    for dashboard, sql in {CLV: purchases(rows), RISK: _ACCOUNTS}.items():
        preparation = PREPARATIONS[dashboard]

        def fill(
            database: duckdb.DuckDBPyConnection, _folder: Path, work: Work, sql: str = sql
        ) -> Work:
            table = work.preparation.table
            given = {"customers": rows} if "$customers" in sql else {}
            database.sql(sql, params=given).create(table)
            return work

        options = Options(currency="EUR", segments=SEGMENT if dashboard == RISK else ())
        work = Work(preparation, Origin("Benchmark", "", ""), options, fill)
        folder = data / "tenants" / ACME / dashboard / "benchmark"
        write_version(work, folder, lambda _step: None)
    engine = sqlite_engine(data / "tenant_metadata.db", create=True)
    versions = {(item.tenant_id, item.dashboard_slug): "benchmark" for item in ASSIGNMENTS}
    with engine.begin() as connection:
        upgrade(connection)
        write_rows(connection, versions)
    engine.dispose()


_changes = itertools.count()


def _ask(api: Server, data: Path, path: str) -> float:
    with closing(sqlite3.connect(data / "tenant_metadata.db")) as database, database:
        database.execute(
            "UPDATE dashboards SET config_json = json_set(config_json, '$.benchmark', ?)",
            [next(_changes)],
        )
    began = time.perf_counter()
    url = api.url(f"/api/dashboards/{path}")
    requests.get(url, headers=tenant_header(), timeout=60).raise_for_status()
    return time.perf_counter() - began


def _download(api: Server, rows: int, media_type: str) -> None:
    url = api.url(f"/api/dashboards/{CLV}/data?limit={rows}")
    headers = tenant_header() | {"Accept": media_type}
    with requests.get(url, headers=headers, timeout=300, stream=True) as answer:
        answer.raise_for_status()
        for _ in answer.iter_content(1 << 20):
            pass


def _as_table(timed: list[Timed]) -> Table:
    table = Table(box=SIMPLE, title="Views over a hundred times the rows")
    table.add_column("Path", no_wrap=True)
    for name in (f"{SMALL:,}", f"{LARGE:,}", "times"):
        table.add_column(name, justify="right")
    table.add_column(f"at most {LONGEST:.0f}")
    for item in timed:
        table.add_row(
            item.path,
            f"{item.small * 1000:.1f} ms",
            f"{item.large * 1000:.1f} ms",
            f"{item.times:.1f}",
            "holds" if item.times <= LONGEST else "does not hold",
        )
    return table


if __name__ == "__main__":
    main()
