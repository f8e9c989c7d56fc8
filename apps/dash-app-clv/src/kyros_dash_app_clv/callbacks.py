"""From what the reader chose to what the page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kyros_dash_app_clv import ids
from kyros_dash_app_clv.chosen import read
from kyros_dash_app_clv.layout import PAGE
from kyros_dash_app_clv.tabs import activity, cohorts, customers, model, value
from kyros_dash_kit import register_page

if TYPE_CHECKING:
    from dash import Dash

    from kyros_dash_kit import DataClient, Selection, View

_TABS = {
    ids.VALUE_TAB: value.load,
    ids.COHORTS_TAB: cohorts.load,
    ids.ACTIVITY_TAB: activity.load,
    ids.MODEL_TAB: model.load,
    ids.CUSTOMERS_TAB: customers.load,
}


def register(dash: Dash, client: DataClient) -> None:
    """Add the callbacks."""
    register_page(dash, client, PAGE, load, rows={ids.GRID: customers.find_rows})


async def load(client: DataClient, selection: Selection) -> View:
    """Ask for what the open tab shows."""
    return await _TABS[selection.tab](client, read(selection))
