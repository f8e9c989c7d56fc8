"""Two minutes between the clocks of those who make tokens and those who look at them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.chaos.clocks import REPLICAS, Clocks, clocks_in
from tests.production_stack import EMAIL, EMBEDDED, PASSWORD, sees_the_dashboard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.chaos.conftest import Chaos
    from tests.production_stack import Production

pytestmark = [pytest.mark.stack, pytest.mark.long]

APART = 120  # seconds
PEOPLE = 3  # who come while a clock is off; their connections meet both containers of the api
TOLERANCE = 10  # seconds in which a container is asked for the time
# Whose clock it is, in turn: the containers of a service; of the api also one alone.
TURNS = (
    ("api", range(1, REPLICAS + 1)),
    ("api", range(REPLICAS, REPLICAS + 1)),
    ("dash-app-risk", range(1, 2)),
    ("shell-ui", range(1, 2)),
)


@pytest.fixture(scope="module")
def clocks(broken: Production) -> Iterator[Clocks]:
    """Clocks that can be set, of the services and of one of two containers of the api."""
    with clocks_in(broken) as found:
        yield found


@pytest.mark.parametrize("apart", [APART, -APART])
def test_clocks_differ(chaos: Chaos, clocks: Clocks, apart: int) -> None:
    """Whoever's clock it is, nobody is refused: neither who is there already nor who comes."""

    def come(service: str, numbers: range) -> None:
        with clocks.differing(service, numbers, apart):
            assert abs(clocks.of(service, numbers[-1]) - time.time() - apart) < TOLERANCE
            for _ in range(PEOPLE):
                edge = chaos.production.edge()
                edge.sign_in(EMAIL, PASSWORD)()
                layout = edge.get(f"{EMBEDDED}_dash-layout")
                assert layout.status_code == 200, f"{service} {numbers}: {layout.text}"
                assert sees_the_dashboard(edge)

    def differ() -> None:
        for service, numbers in TURNS:
            come(service, numbers)

    where = "ahead" if apart > 0 else "behind"
    row = chaos.during(f"each clock in turn {APART} s {where}", differ)
    assert row.recovered < 1
