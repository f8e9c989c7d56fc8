"""``kill -9`` of the Docker engine: only with ``--kill-engine``, for others may run on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.chaos.conftest import Chaos, two_tenants
from tests.chaos.engine import Engine
from tests.production_stack import SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.stack, pytest.mark.engine]

AWAY = 120  # seconds until everybody has figures again
LOG = Path("/var/log/dockerd-started-by-chaos.log")


@pytest.fixture
def chaos(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Chaos]:
    """On a disk: the small one of the other tests is gone with the engine."""
    with two_tenants(tmp_path_factory.mktemp("engine") / "kyros") as running:
        yield Chaos.of(running, pytestconfig)


def test_the_engine_is_killed(chaos: Chaos) -> None:
    """All services come back by themselves with it; nobody signs in anew, and nothing is lost."""
    engine = Engine.found()

    def kill() -> None:
        engine.kill()
        engine.return_(LOG)

    chaos.during("kill -9 of the engine", kill, AWAY)
    assert Engine.found().pid != engine.pid
    states = [
        chaos.production.inspect(service)["State"]["Health"]["Status"] for service in SERVICES
    ]
    assert ["healthy"] * len(SERVICES) == states
