"""The tab "Who is still active": the model's maps of frequency and recency."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from kyros_dash_app_clv import ids
from kyros_dash_app_clv.figures import activity
from kyros_dash_app_clv.tabs import figures_of
from kyros_dash_app_clv.tabs.base import ask_base

if TYPE_CHECKING:
    from kyros_dash_app_clv.chosen import Chosen
    from kyros_dash_kit import DataClient, View


async def load(client: DataClient, chosen: Chosen) -> View:
    """Ask for everything at once, and draw it."""
    base, cells = await asyncio.gather(
        ask_base(client, chosen, horizon=str(chosen.horizon)),
        client.view("recency_frequency", horizon=str(chosen.horizon)),
    )
    if not base.loaded or not base.modelled:
        return base.view()
    return base.view(
        warn=True,
        key_figures=figures_of.activity(base.summary, chosen),
        charts={
            ids.ALIVE_MAP: activity.alive_map(cells.columns, base.theme),
            ids.PURCHASES_MAP: activity.purchases_map(cells.columns, base.theme, chosen.horizon),
        },
    )
