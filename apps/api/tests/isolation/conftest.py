"""What the proof's tests share: worlds, and one ledger, which is printed at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from isolation.ledger import Ledger
from isolation.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from database_stage import Databases

_LEDGER = pytest.StashKey[Ledger]()


@pytest.fixture
def world(databases: Databases, seeded: Path, tmp_path: Path) -> World:
    """Make a world that the test may change."""
    return World(seeded, tmp_path / "world", databases)


@pytest.fixture(scope="session")
def common_world(
    every_database: Databases, seeded: Path, tmp_path_factory: pytest.TempPathFactory
) -> World:
    """Make a world that no test changes."""
    return World(seeded, tmp_path_factory.mktemp("common") / "world", every_database)


@pytest.fixture
def ledger(pytestconfig: pytest.Config) -> Iterator[Ledger]:
    """Return a ledger for the test; what is in it goes into the one of the whole run."""
    own = Ledger()
    yield own
    pytestconfig.stash.setdefault(_LEDGER, Ledger()).include(own)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the tables and the verdict, whenever something was tried."""
    found = config.stash.get(_LEDGER, None)
    if found is not None:
        terminalreporter.section("isolation of tenants")
        failed = [*terminalreporter.getreports("failed"), *terminalreporter.getreports("error")]
        ours = [report for report in failed if "/isolation/" in report.nodeid]
        for line in found.lines(len(ours)):
            terminalreporter.write_line(line)
