"""``kill -9`` of each service in turn, while people work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.production_stack import SERVICES

if TYPE_CHECKING:
    from tests.chaos.conftest import Chaos

pytestmark = pytest.mark.stack


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_killed(chaos: Chaos, service: str) -> None:
    """It comes back by itself; nobody signs in anew, and nothing is lost."""
    chaos.during(f"kill -9 {service}", lambda: chaos.signal(service, "KILL"))
