"""A grid's place on the page: the grid itself and its scripts come when its tab is opened.

dash-ag-grid brings 0.6 MB (compressed), which a reader who never opens the grid's tab should not
wait for. So the page holds an empty place; ``assets/kyros-grid.js`` loads the scripts and puts the
component there. The enterprise bundle is not among what is served at all.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import dash_ag_grid
from dash import dcc, html

from kyros_dash_kit import _ids as ids

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from kyros_dash_kit._hints import Terms
    from kyros_dash_kit.page import GridSlot

SCRIPTS = ("dash_ag_grid.min.js", "async-community.js")
_NAMESPACE = "dash_ag_grid"


def serve_community_only() -> None:
    """Leave the two scripts of the community edition to be served, and neither to be loaded."""
    dash_ag_grid._js_dist[:] = [  # noqa: SLF001 - the list that Dash reads
        {"namespace": _NAMESPACE, "relative_package_path": path, "dynamic": True}
        for path in SCRIPTS
    ]


serve_community_only()


def grid_place(slot: GridSlot, terms: Terms) -> Component:
    """Build a grid's place."""
    part = ids.GridIds(slot.grid)
    about: dict[str, Any] = {
        "aria-labelledby": part.title,
        "data-grid": json.dumps(_description(slot)),
        **({"data-clicks": "yes"} if slot.click else {}),
    }
    described: dict[str, Any] = {"aria-describedby": part.title}
    title = html.H2(slot.title or slot.unit.capitalize(), id=part.title)
    count = html.P("Loading…", id=part.count, className="note", role="status")
    note = [html.P(terms.mark(slot.note), className="note")] if slot.note else []
    tools: list[Component] = [
        html.A(
            "CSV",
            id=part.csv,
            className="csv",
            download=f"{slot.grid}.csv",
            title="Download all rows that match as CSV",
            **described,
        )
    ]
    if slot.search:
        search = dcc.Input(id=slot.search, type="search", placeholder=slot.search_label, value="")
        label = html.Label(slot.search_label, htmlFor=slot.search, className="for-screen-readers")
        tools.insert(0, html.Div([label, search], className="search"))
    return html.Section(
        [
            html.Div(
                [html.Div([title, count, *note]), html.Div(tools, className="grid-tools")],
                className="grid-head",
            ),
            html.Div(id=part.holder, className="grid-holder", style={"height": f"{slot.height}px"}),
        ],
        id=part.place,
        className="chart wide grid-place",
        **about,
    )


def _description(slot: GridSlot) -> dict[str, Any]:
    """Return what the browser needs to know of a grid."""
    return {
        "grid": slot.grid,
        "key": slot.key,
        "unit": slot.unit,
        "click": slot.click,
        "search": slot.search,
        "height": slot.height,
        "columns": [
            {
                "field": column.field,
                "title": column.title,
                "isText": column.kind in ("text", "date", "month"),
                "width": column.width,
            }
            for column in slot.columns
        ],
    }
