"""A small dashboard with one of everything: what the kit's own tests try, and how it is written.

A new dashboard is better started from ``apps/dash-app-clv``; look here for how one feature is used.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from kyros_dash_kit import (
    Choices,
    Column,
    Dashboard,
    DataClient,
    Filter,
    GridSlot,
    Hidden,
    KeyFigure,
    Notice,
    Page,
    Panel,
    PanelView,
    RowsQuery,
    Selection,
    Slider,
    Slot,
    Tab,
    TableSlot,
    TableView,
    View,
    make_theme,
    register_page,
)
from kyros_dash_kit.formats import Money, count, percent
from kyros_dash_kit.sample import figures
from kyros_dash_kit.sample.names import PARTS, SPANS, TIMES

if TYPE_CHECKING:
    from dash import Dash

    from kyros_dash_kit import Answer, Theme
    from kyros_dash_kit.chart import Frame

SLUG = "sample"
PAGE = Page(
    title="Sample",
    question="What can a page hold?",
    filters=[
        Filter("part", "Part", tabs=["numbers", "items"]),
        Filter("span", "Over the next", tabs=["numbers"]),
        Slider("stress", "Stress", 0.5, 3, 0.1, 1, unit=TIMES, tabs=["numbers"]),
        Hidden("item"),
        Hidden("item-search"),
    ],
    tabs=[
        Tab(
            "numbers",
            "Numbers",
            [
                Slot("chart", click="part"),
                Slot("line"),
                Slot("map", height=300),
                Slot("balance", height=300),
            ],
            key_figures=3,
        ),
        Tab("details", "How it is made", [TableSlot("parameters"), TableSlot("facts")]),
        Tab(
            "items",
            "Items",
            [
                GridSlot(
                    "items-grid",
                    [
                        Column("item_id", "Item"),
                        Column("since", "Since", "date"),
                        Column("orders", "Orders", "count"),
                        Column("share", "Share", "percent"),
                        Column("value", "Value", "money"),
                    ],
                    key="item_id",
                    title="Every item",
                    unit="items",
                    click="item",
                    search="item-search",
                    search_label="Find an item",
                ),
                Panel("item", [Slot("history", wide=True, height=260)], key_figures=2),
            ],
        ),
    ],
    glossary={"alpha": "How alike things are.", "Stress": "By how much all is multiplied."},
)


_MADE_UP = Notice("This tenant's numbers are made up.", "By the tests.\nOf the kit.")


async def load(client: DataClient, selection: Selection) -> View:
    """Fill the tab that is open."""
    if selection.tab == "details":
        return await _load_details(client)
    if selection.tab == "items":
        return await _load_items(client, selection)
    return await _load_numbers(client, selection)


async def find_items(_client: DataClient, selection: Selection) -> RowsQuery:
    """Say which rows the filters stand for."""
    return RowsQuery(
        filters={"part": selection.get("part")},
        columns={"value": "value_52"},
        sort="-value",
        currency="USD",
        titles={"value": "Value in a year"},
    )


async def _load_numbers(client: DataClient, selection: Selection) -> View:
    tenant, numbers = await asyncio.gather(
        client.tenant(), client.view("numbers", part=selection.get("part"))
    )
    choices = {
        "part": Choices(PARTS, "All of it"),
        "span": Choices(SPANS, default="52"),
    }
    if not numbers.columns["number"]:
        return View(tenant, choices=choices, empty="No numbers are loaded.")
    number = numbers.row()["number"]
    if number == "broken":
        raise ZeroDivisionError
    stressed = number * selection.number("stress")
    money = Money(tenant.currency)
    return View(
        tenant,
        summary=f"{tenant.name}, over {SPANS[selection.get('span') or '52']}",
        key_figures=[
            KeyFigure("Number", f"{number}", "as it is", hint="What the API answered."),
            KeyFigure("Stressed", f"{stressed:g}", f"{selection.number('stress'):g} {TIMES}"),
            KeyFigure(
                "Worth", money.short(stressed * 1000), interval=f"{percent(0.95)}: 0.9 to 1.1 times"
            ),
        ],
        charts=figures.numbers(stressed, make_theme(selection.theme, tenant.primary_color), number),
        choices=choices,
        notice=_MADE_UP if number == 2 else Notice(),  # noqa: PLR2004
    )


async def _load_details(client: DataClient) -> View:
    tenant, parameters = await asyncio.gather(client.tenant(), client.view("parameters"))
    columns = [
        Column("parameter", "Parameter"),
        Column("value", "Value", "number"),
        Column("meaning", "Meaning"),
    ]
    return View(
        tenant,
        summary=tenant.name,
        tables={
            "parameters": TableView(
                "What was fitted", columns, parameters.columns, "Of the last fit"
            )
        },
    )


async def _load_items(client: DataClient, selection: Selection) -> View:
    item = selection.get("item")
    tenant, history = await asyncio.gather(client.tenant(), _history(client, item))
    view = View(tenant, summary=tenant.name, choices={"part": Choices(PARTS, "All of it")})
    if history is None or not history.columns["month"]:
        return view
    theme = make_theme(selection.theme, tenant.primary_color)
    return _with_panel(view, f"Item {item}", history.columns, theme)


async def _history(client: DataClient, item: str | None) -> Answer | None:
    return await client.view("history", item=item) if item else None


def _with_panel(view: View, title: str, frame: Frame, theme: Theme) -> View:
    orders = list(frame["orders"])
    key_figures = [KeyFigure("Orders", count(sum(orders))), KeyFigure("Best", count(max(orders)))]
    return replace(
        view,
        charts={"history": figures.history(frame, theme)},
        panels={"item": PanelView(title, key_figures)},
    )


def register(dash: Dash, client: DataClient) -> None:
    """Add the callbacks."""
    register_page(dash, client, PAGE, load, {"items-grid": find_items})


DASHBOARD = Dashboard(SLUG, PAGE.title, PAGE.layout(), register)
