"""From what the reader chose to what the page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kyros_dash_app_risk import ids
from kyros_dash_app_risk.layout import PAGE
from kyros_dash_app_risk.tabs import accounts, loss, model, score
from kyros_dash_kit import register_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dash import Dash

    from kyros_dash_kit import DataClient, Selection, View
    from kyros_dash_kit.view import Load

_TABS: Mapping[str, Load] = {
    ids.LOSS: loss.load,
    ids.SCORE: score.load,
    ids.MODEL: model.load,
    ids.ACCOUNTS: accounts.load,
}


def register(dash: Dash, client: DataClient) -> None:
    """Add the callbacks."""
    register_page(dash, client, PAGE, load, rows={ids.GRID: accounts.find_rows})


async def load(client: DataClient, selection: Selection) -> View:
    """Ask for what the open tab shows, and draw it."""
    return await _TABS[selection.tab](client, selection)
