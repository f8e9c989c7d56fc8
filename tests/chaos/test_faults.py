"""What breaks besides services: the database held, the disk full, nobody answering, all at once."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.chaos.conftest import DELTA
from tests.production_stack import DASHBOARD, SERVICES, accounts, docker
from tests.stacks import clean_environment, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.chaos.conftest import Chaos

pytestmark = pytest.mark.stack

HELD = 8  # seconds; longer than any writer waits
SILENT = 6  # seconds
SLOW = 12  # seconds, in which each answer takes one or two
HOLD = f"""
import sqlite3, time
connection = sqlite3.connect("/app/data/tenant_metadata.db", isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
time.sleep({HELD})
connection.execute("ROLLBACK")
"""
FILL = """
import errno
with open("/app/data/fill", "wb", buffering=0) as file:
    try:
        while True:
            file.write(b"0" * 2**20)
    except OSError as error:
        assert error.errno == errno.ENOSPC
"""
NO_LONGER = "import os; os.unlink('/app/data/fill')"


def in_the_api(chaos: Chaos, program: str, *options: str) -> None:
    """Run a program where the api and its data are."""
    docker("exec", *options, chaos.production.container("api"), "python", "-c", program)


def test_somebody_holds_the_database(chaos: Chaos) -> None:
    """Readers go on; who would write is told to wait, and nothing of what was told is lost."""

    def hold() -> None:
        in_the_api(chaos, HOLD, "--detach")
        time.sleep(HELD)

    row = chaos.during(f"the database locked for {HELD} s", hold)
    assert row.recovered < 1


@pytest.mark.parametrize("service", ["api", "dash-app-risk"])
def test_a_service_is_silent(chaos: Chaos, service: str) -> None:
    """It takes connections and says nothing; nobody is shown what they must not see meanwhile."""

    def silence() -> None:
        chaos.signal(service, "STOP")
        time.sleep(SILENT)
        chaos.signal(service, "CONT")

    chaos.during(f"{service} silent for {SILENT} s", silence)


@pytest.mark.parametrize("service", ["api", "dash-app-risk"])
def test_a_service_is_slow(chaos: Chaos, service: str) -> None:
    """It is waited for: people go on having figures, late, and soon after they are quick again."""
    row = chaos.during(f"{service} slow for {SLOW} s", lambda: chaos.slow_down(service, SLOW))
    assert 0 < row.meanwhile < 4 * SLOW, "it was not slow"
    assert row.recovered < SLOW + 10


@pytest.mark.long
def test_the_disk_is_full(chaos: Chaos) -> None:
    """Figures go on; there is room again, and nothing of what was told is lost."""

    def fill() -> None:
        in_the_api(chaos, FILL)
        time.sleep(HELD)
        in_the_api(chaos, NO_LONGER)

    row = chaos.during(f"the disk full for {HELD} s", fill)
    assert row.recovered < 1


@contextmanager
def job(chaos: Chaos, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Begin a command of `nox -s jobs` that runs on while things break."""
    with subprocess.Popen(
        [sys.executable, "-m", "scripts.jobs", *arguments],
        cwd=chaos.production.folder,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        wait_for(lambda: running_jobs(chaos) != [] or running.poll() is not None, 60)
        assert running.poll() is None, running.communicate()[0]
        yield running


def running_jobs(chaos: Chaos) -> list[str]:
    """Return the containers of commands that run."""
    name = f"name=^{chaos.production.project}-jobs-run-"
    return docker("ps", "--quiet", "--filter", name).split()


def restart_all(chaos: Chaos) -> None:
    """Kill whatever runs, commands as well, all at once; start the services again."""
    services = [chaos.production.container(service) for service in SERVICES]
    docker("kill", "--signal=KILL", *running_jobs(chaos), *services)
    done = chaos.production.compose("up", "--detach", "--no-build")
    assert done.returncode == 0, done.stderr


@pytest.mark.long
def test_all_is_killed_in_the_middle_of_an_ingest(chaos: Chaos) -> None:
    """The data are those of before or the new ones, whole; the same command again completes it."""
    book = chaos.production.folder / "more.csv"
    book.write_text(accounts("eastern", "western"), encoding="utf-8")
    book.chmod(0o644)
    command = ["ingest", "--tenant", DELTA.tenant, "--dashboard", DASHBOARD, str(book)]

    def restart() -> None:
        with job(chaos, *command) as running:
            time.sleep(2)  # it reads, and fits
            restart_all(chaos)
            assert running.wait() != 0, "it was over before"

    chaos.during("all killed in the middle of an ingest", restart)
    chaos.production.done("jobs", *command)
    assert no_rest(chaos, "/app/data/tenants") == []


@pytest.mark.long
def test_all_is_killed_in_the_middle_of_a_backup(chaos: Chaos) -> None:
    """There is a whole file of the name, or none; the next one is made."""
    file = "/app/data/chaos.zip"

    def restart() -> None:
        with job(chaos, "backup", file) as running:
            restart_all(chaos)
            running.wait()

    chaos.during("all killed in the middle of a backup", restart)
    listed = docker("exec", chaos.production.container("api"), "ls", "/app/data").split()
    if "chaos.zip" in listed:
        chaos.production.done("jobs", "restore", file, "--check")
        in_the_api(chaos, f"import os; os.unlink('{file}')")
    chaos.production.done("jobs", "backup", file)
    chaos.production.done("jobs", "restore", file, "--check")


def no_rest(chaos: Chaos, folder: str) -> list[str]:
    """Return the files and folders below one that nobody completed."""
    found = docker("exec", chaos.production.container("api"), "find", folder, "-name", ".*")
    return found.split()
