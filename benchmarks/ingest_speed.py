"""``python -m benchmarks.ingest_speed``: a million purchases from a CSV into a tenant's dashboard.

Runs the command that people run, on a data folder of its own, and measures the whole process: its
start, reading, checking, fitting, writing and the commit.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from rich.console import Console

ROWS = 1_000_000
LONGEST = 60.0  # seconds
MOST_MEMORY = 2000.0  # MB
DAYS = 730
SOURCES = Path(__file__).parents[1] / "data" / "source"


def main() -> None:
    """Measure and print; exit 1 when a claim does not hold."""
    folder = Path(tempfile.mkdtemp(prefix="kyros-benchmark-"))
    try:
        (folder / "source").symlink_to(SOURCES)
        customers = write_purchases(folder / "million.csv")
        _run(folder, "seed", "--no-passwords")
        began = time.perf_counter()
        options = ("--tenant", "acme-corp", "--dashboard", "customer-lifetime-value")
        processor, memory = _run(folder, "ingest", *options, str(folder / "million.csv"))
        took = time.perf_counter() - began
    finally:
        shutil.rmtree(folder)
    console = Console(width=100, highlight=False)
    console.print(f"{ROWS:,} purchases of {customers:,} customers, {os.cpu_count()} processors")
    console.print(
        f"Time    {took:7.1f} s   (at most {LONGEST:.0f}), of it computing {processor:.1f} s"
    )
    console.print(f"Memory  {memory:7.0f} MB  (at most {MOST_MEMORY:.0f})")
    sys.exit(0 if took <= LONGEST and memory <= MOST_MEMORY else 1)


def write_purchases(path: Path) -> int:
    """Write made-up purchases as the models assume them, and return of how many customers.

    Each customer buys at a rate of their own until they stop, with a chance of their own.
    """
    draw = random.Random(5)  # noqa: S311 - the same purchases each time
    written = customers = 0
    first = date(2024, 1, 1)
    with path.open("w", encoding="utf-8") as file:
        file.write("customer_id,date,quantity,spend\n")
        while written < ROWS:
            customers += 1
            rate = max(draw.gammavariate(0.6, 0.02), 1e-4)
            stops, usual = draw.betavariate(0.8, 2.4), draw.gammavariate(6, 6)
            day = float(draw.randrange(600))
            while day < DAYS and written < ROWS:
                spend = max(0.5, draw.gammavariate(3, usual / 3))
                when = first + timedelta(days=int(day))
                file.write(f"C{customers:07d},{when},{draw.randint(1, 4)},{spend:.2f}\n")
                written += 1
                if draw.random() < stops:
                    break
                day += draw.expovariate(rate)
    return customers


def _run(folder: Path, *arguments: str) -> tuple[float, float]:
    """Run the API's command; returns seconds of computing, and its most memory in MB."""
    env = os.environ | {
        "DATA_DIR": str(folder),
        "DATABASE_PATH": str(folder / "tenant_metadata.db"),
        "KYROS_ENV": "development",
    }
    command = [str(Path(sys.executable).with_name("kyros-api")), *arguments]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"kyros-api {arguments[0]} failed, see above.")
    return used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1_000_000


if __name__ == "__main__":
    main()
