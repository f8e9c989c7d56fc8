"""The isolation proof: no request, whatever it holds, ever gets another tenant's data.

What each attempt is, in plain words: ``credentials.py`` and ``tricks.py``. How to read the table
that is printed at the end: ``docs/isolation.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isolation.application import running
from isolation.proof import Proof
from isolation.routes import gaps

if TYPE_CHECKING:
    from isolation.ledger import Ledger
    from isolation.world import World


async def test_every_route_is_covered(common_world: World) -> None:
    """The proof knows each route of the application, and none that is gone."""
    async with running(common_world) as app:
        assert [] == gaps(app)


async def test_every_credential_and_trick(world: World, ledger: Ledger) -> None:
    """Every route x every two tenants x every credential and every trick: not one leak."""
    async with running(world) as app:
        await Proof(app, ledger).run()
    assert [] == ledger.faults
    assert [] == ledger.findings
    assert all(count.controls for count in (*ledger.rows.values(), *ledger.routes.values()))
