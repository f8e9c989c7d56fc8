"""A production of its own to break things in, and the table of what came of it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import pytest

from tests.chaos.load import Kind, Load, Member
from tests.production_stack import (
    EMAIL,
    PASSWORD,
    TENANT,
    Production,
    accounts,
    docker,
    production_in,
)
from tests.stacks import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# Words that stand in the answers of one tenant's dashboards only.
GAMMA = Member(EMAIL, TENANT, "north", ("eastern",))
DELTA = Member("ben@example.com", "delta", "eastern", ("north",))
_PATIENCE = 120  # seconds until everybody must have figures again
_STEADY = 3.0  # seconds of figures before something breaks, and after it is whole again
_ROWS = pytest.StashKey[list["Row"]]()
_COUNT = """
import sqlite3
connection = sqlite3.connect("/app/data/tenant_metadata.db")
which = "action = 'auth.sign_in' AND outcome = 'allowed'"
print(connection.execute(f"SELECT count(*) FROM audit_log WHERE {which}").fetchone()[0])
"""


@dataclass
class Row:
    """What came of one fault, as the table shows it.

    Attributes:
        fault: what broke.
        answers: how many answers of each kind there were from then on.
        recovered: seconds until everybody had figures again.
        meanwhile: the answers with figures while it was broken.
        lost: what was told as done and is not there.
    """

    fault: str
    answers: str
    recovered: float
    meanwhile: int
    lost: int


@dataclass
class Chaos:
    """Breaks something while people work, and judges what they saw.

    Attributes:
        production: what it is done to.
        rows: of the table.
    """

    production: Production
    rows: list[Row]

    @classmethod
    def of(cls, production: Production, config: pytest.Config) -> Self:
        """What breaks a production; its rows go into the table of the whole run."""
        return cls(production, config.stash.setdefault(_ROWS, []))

    def during(self, fault: str, breaking: Callable[[], None], seconds: float = _PATIENCE) -> Row:
        """Break something under load, and wait until all is well again.

        Raises:
            AssertionError: it does not become well, an answer was another tenant's, or something
                is lost.
        """
        edges = {GAMMA: self.production.member(), DELTA: self.production.member(DELTA.email)}
        before = self._in_the_log()
        load = Load(edges, self.production, PASSWORD)
        with load.running():
            wait_for(lambda: load.count()[Kind.FIGURES] > len(edges), _PATIENCE)
            time.sleep(_STEADY)
            moment = time.monotonic()
            breaking()
            meanwhile = load.count(since=moment)[Kind.FIGURES]
            time.sleep(_STEADY)  # what breaks is not noticed at once
            wait_for(lambda: load.has_been_well(_STEADY), seconds)
        recovered = load.recovered_after(moment)
        assert recovered is not None
        told = load.signed_in
        wait_for(lambda: self._in_the_log() - before >= told, 20)
        counts = load.count(since=moment)
        row = Row(
            fault,
            ", ".join(f"{counts[kind]} {kind}" for kind in Kind),
            recovered,
            meanwhile,
            max(0, told - (self._in_the_log() - before)),
        )
        self.rows.append(row)
        assert load.count()[Kind.LEAK] == 0
        assert row.lost == 0
        return row

    def signal(self, service: str, name: str) -> None:
        """Send a signal to all that runs in a container, as nobody's `docker stop` or `pause`."""
        self.production.compose("exec", "-T", service, "sh", "-c", f"kill -{name} -1")

    def slow_down(self, service: str, seconds: int) -> None:
        """Let a service run for an instant of each second and a half, for so long."""
        turn = "kill -STOP -1; sleep 1.4; kill -CONT -1; sleep 0.1"
        turns = f"i=0; while [ $i -lt {round(seconds / 1.5)} ]; do {turn}; i=$((i+1)); done"
        done = self.production.compose("exec", "-T", service, "sh", "-c", turns)
        assert done.returncode == 0, done.stderr

    def _in_the_log(self) -> int:
        """Return how many sign-ins the audit log has."""
        return int(docker("exec", self.production.container("api"), "python", "-c", _COUNT))


def hold_a_small_disk(production: Production) -> None:
    """Make data's volume one that can be filled; it is there as long as a container has it."""
    project = production.project
    labels = (f"com.docker.compose.project={project}", "com.docker.compose.volume=data")
    options = ("type=tmpfs", "device=tmpfs", "o=size=256m,uid=10001,gid=10001")
    told = [
        *(part for label in labels for part in ("--label", label)),
        *(part for option in options for part in ("--opt", option)),
    ]
    docker("volume", "create", *told, f"{project}_data")
    volume = ("--volume", f"{project}_data:/held")
    image = "python:3.11-slim"  # which the services are built on
    docker("run", "--detach", "--name", f"{project}-disk", *volume, image, "sleep", "infinity")


@contextmanager
def two_tenants(
    folder: Path, prepare: Callable[[Production], None] = lambda _: None
) -> Iterator[Production]:
    """Run a production that two tenants work with, for the length of a block."""
    with production_in(folder, prepare) as running:
        running.populate(DELTA.tenant, DELTA.email, accounts("eastern", "western"))
        yield running


@pytest.fixture(scope="session")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    """A production with two tenants, for all tests of this folder."""
    with two_tenants(tmp_path_factory.mktemp("chaos") / "kyros", hold_a_small_disk) as running:
        try:
            yield running
        finally:
            docker("rm", "--force", f"{running.project}-disk")


@pytest.fixture
def chaos(broken: Production, pytestconfig: pytest.Config) -> Chaos:
    """What breaks things."""
    return Chaos.of(broken, pytestconfig)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the table, whenever something was broken."""
    rows = config.stash.get(_ROWS, [])
    if not rows:
        return
    terminalreporter.section("what broke, and what came of it")
    line = "{:<44}{:<48}{:>12}{:>6}".format
    terminalreporter.write_line(line("fault", "answers from then on", "recovered", "lost"))
    for row in rows:
        recovered = f"{row.recovered:.1f} s"
        terminalreporter.write_line(line(row.fault, row.answers, recovered, row.lost))
    if not config.getoption("kill_engine"):
        terminalreporter.write_line("The engine was left alone: --kill-engine kills it as well.")
