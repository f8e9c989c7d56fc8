"""The smallest dashboard there is: what the kit's own tests try, and where a new one can start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kyros_dash_kit import (
    Chart,
    Choices,
    Dashboard,
    DataClient,
    Filter,
    KeyFigure,
    Page,
    Selection,
    Slot,
    Tab,
    View,
    make_theme,
    register_page,
)
from kyros_dash_kit.chart import figure

if TYPE_CHECKING:
    from dash import Dash

SLUG = "sample"
PAGE = Page(
    "Sample", "What is it?", [Filter("part", "Part")], [Tab("all", "All", [Slot("chart")], 1)]
)


async def load(client: DataClient, selection: Selection) -> View:
    """Draw one point: the tenant's number."""
    tenant = await client.tenant()
    numbers = await client.view("numbers", part=selection.get("part"))
    if not numbers.columns["number"]:
        return View(tenant, empty="No numbers are loaded.")
    number = numbers.row()["number"]
    if number == "broken":
        raise ZeroDivisionError
    theme = make_theme(selection.theme, tenant.primary_color)
    drawn = figure([{"type": "scatter", "x": [0], "y": [number]}], theme)
    return View(
        tenant,
        summary=tenant.name,
        key_figures=[KeyFigure("Number", str(number))],
        charts={"chart": Chart(f"It is {number}", drawn, numbers.columns)},
        choices={"part": Choices({"half": "Half"}, "All of it")},
    )


def register(dash: Dash, client: DataClient) -> None:
    """Add the callbacks."""
    register_page(dash, client, PAGE, load)


DASHBOARD = Dashboard(SLUG, PAGE.title, PAGE.layout(), register)
