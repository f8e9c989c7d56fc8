"""The components of a page: the same for every tenant and selection, filled by the callback.

What only the browser knows (which tab is open, what is on its way) is kept in attributes by
``assets/kyros.js``, which finds its elements by the ``data-`` attributes that are set here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from kyros_dash_kit import _ids as ids
from kyros_dash_kit._grid import grid_place
from kyros_dash_kit.page import Filter, GridSlot, Hidden, Panel, Slider, Slot, TableSlot
from kyros_dash_kit.view import KeyFigure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from kyros_dash_kit.page import Page, Tab
    from kyros_dash_kit.theme import Figure

_GRAPH_CONFIG: Any = {"displayModeBar": False, "responsive": True}
_BLANK = "\N{NO-BREAK SPACE}"


def build_layout(page: Page) -> Component:
    """Build a page's components."""
    return html.Div(
        id=ids.PAGE,
        className="page",
        children=[
            dcc.Store(id=ids.STATE),
            dcc.Store(id=ids.SHOWN),
            dcc.Interval(id=ids.CLOCK, interval=3000, disabled=True),
            html.Header([*_heading(page), _tab_bar(page.tabs)]),
            *_controls(page),
            # Figures or why there are none: there is always a main part to go to.
            html.Main([_status(), _content(page)]),
        ],
        **_data(tabs=" ".join(tab.id for tab in page.tabs), parameters=" ".join(page.parameters)),
    )


def key_figure(figure: KeyFigure) -> Component:
    """Show one key figure."""
    parts = [
        html.Div(figure.label, className="key-label"),
        html.Div(figure.value, className="key-value"),
        html.Div(figure.note, className="key-note"),
    ]
    if figure.interval:
        parts.append(html.Div(figure.interval, className="key-interval"))
    return html.Div(parts, className="key-figure", role="group")


def _heading(page: Page) -> list[Component]:
    return [html.H1(page.title), html.P(page.question, className="question")]


def _controls(page: Page) -> list[Component]:
    """Return the filters below the tabs, where they stay whichever of them a tab has."""
    controls = [
        _drop_down(item) if isinstance(item, Filter) else _slider(item)
        for item in page.filters
        if not isinstance(item, Hidden)
    ]
    if not controls:
        return []
    return [html.Div(controls, className="filters", role="region", **_aria(label="Filters"))]


def _tab_bar(tabs: Sequence[Tab]) -> Component:
    buttons = [
        html.Button(
            tab.title,
            id=ids.tab(tab.id),
            type="button",
            role="tab",
            className="tab",
            tabIndex=0 if tab is tabs[0] else -1,
            **_aria(selected="true" if tab is tabs[0] else "false", controls=ids.tab_panel(tab.id)),
            **_data(tab=tab.id),
        )
        for tab in tabs
    ]
    return html.Div(
        buttons,
        id=ids.TABS,
        className="tabs",
        role="tablist",
        hidden=len(tabs) == 1,
        **_aria(label="Views"),
    )


def _content(page: Page) -> Component:
    return html.Div(
        id=ids.CONTENT,
        className="content",
        children=[
            html.P(_BLANK, id=ids.SUMMARY, className="summary", role="status"),
            html.P(id=ids.NOTICE, className="notice", hidden=True),
            *[_tab_panel(tab, alone=len(page.tabs) == 1) for tab in page.tabs],
        ],
        **_aria(busy="true"),
    )


def _tab_panel(tab: Tab, *, alone: bool) -> Component:
    about: dict[str, Any] = (
        {} if alone else {"role": "tabpanel", **_aria(labelledby=ids.tab(tab.id))}
    )
    return html.Section(
        [
            _key_figures(ids.key_figures(tab.id), tab.key_figures),
            html.Div([_place(slot) for slot in tab.slots], className="charts"),
        ],
        id=ids.tab_panel(tab.id),
        className="tab-panel",
        **about,
        **_data(panel=tab.id),
    )


def _place(slot: Slot | TableSlot | GridSlot | Panel) -> Component:
    if isinstance(slot, Slot):
        return _chart(slot)
    if isinstance(slot, TableSlot):
        return _table(slot)
    return grid_place(slot) if isinstance(slot, GridSlot) else _panel(slot)


def _key_figures(component_id: str, number: int) -> Component:
    waiting = [key_figure(KeyFigure(_BLANK, _BLANK, _BLANK)) for _ in range(number)]
    return html.Div(waiting, id=component_id, className="key-figures", hidden=not number)


def _drop_down(item: Filter) -> Component:
    label_id = f"{item.parameter}-label"
    return html.Div(
        [
            html.Label(item.label, id=label_id, htmlFor=item.parameter),
            dcc.Dropdown(id=item.parameter, options=[], placeholder="", className="drop-down"),
        ],
        className="filter",
        # Dash's drop-down names itself by its value alone; the group says what the value is of.
        role="group",
        **_aria(labelledby=label_id),
        **_data(filter=item.parameter, tabs=" ".join(item.tabs)),
    )


def _slider(item: Slider) -> Component:
    value_id = f"{item.parameter}-value"
    return html.Div(
        [
            html.Label(
                [
                    item.label,
                    html.Span(id=value_id, className="slider-value", **_aria(hidden="true")),
                ],
                htmlFor=item.parameter,
            ),
            dcc.Input(
                id=item.parameter,
                type="range",
                min=item.minimum,
                max=item.maximum,
                step=item.step,
                value=f"{item.default:g}",
                className="slider",
            ),
        ],
        className="filter",
        **_data(
            slider=item.parameter,
            default=f"{item.default:g}",
            unit=item.unit,
            tabs=" ".join(item.tabs),
        ),
    )


def _chart(slot: Slot) -> Component:
    part = ids.ChartIds(slot.chart)
    classes = ["chart", *(["wide"] if slot.wide else []), *(["clickable"] if slot.click else [])]
    return html.Figure(
        [
            html.Figcaption(
                [html.H2(_BLANK, id=part.title), html.P(_BLANK, id=part.note, className="note")],
                className="chart-head",
            ),
            html.Div(
                dcc.Graph(id=part.graph, figure=_nothing_yet(slot.height), config=_GRAPH_CONFIG),
                id=part.drawing,
                className="drawing",
                role="img",
                style={"height": f"{slot.height}px"},
                **_aria(label="Figures are on their way"),
            ),
            _csv_link(part.csv, part.title, f"{slot.chart}.csv"),
        ],
        id=part.place,
        className=" ".join(classes),
        **_data(click=slot.click or ""),
    )


def _nothing_yet(height: int) -> Figure:
    """Return a figure that ``assets/kyros-plot.js`` does not draw."""
    return {"data": [], "layout": {"height": height, "meta": {"isNothingYet": True}}}


def _table(slot: TableSlot) -> Component:
    part = ids.TableIds(slot.table)
    return html.Section(
        [
            html.Div(
                [html.H2(_BLANK, id=part.title), html.P(_BLANK, id=part.note, className="note")],
                className="chart-head",
            ),
            html.Div(
                id=part.body,
                className="table-holder",
                role="region",
                tabIndex=0,  # so that the keyboard can scroll it
                **_aria(labelledby=part.title),
            ),
            _csv_link(part.csv, part.title, f"{slot.table}.csv"),
        ],
        id=part.place,
        className="chart wide" if slot.wide else "chart",
    )


def _panel(panel: Panel) -> Component:
    part = ids.PanelIds(panel.parameter)
    return html.Section(
        [
            html.Div(
                [
                    html.H2(_BLANK, id=part.title),
                    html.Button(
                        "Close",
                        type="button",
                        className="close",
                        **_aria(describedby=part.title),
                        **_data(close=panel.parameter),
                    ),
                ],
                className="panel-head",
            ),
            html.P(id=part.note, className="note"),
            _key_figures(part.key_figures, panel.key_figures),
            html.Div([_place(slot) for slot in panel.slots], className="charts"),
        ],
        id=part.place,
        className="panel",
        hidden=True,
        **_aria(labelledby=part.title),
        **_data(details=panel.parameter),
    )


def _csv_link(component_id: str, title_id: str, file: str) -> Component:
    return html.A(
        "CSV",
        id=component_id,
        className="csv",
        download=file,
        title="Download these numbers as CSV",
        **_aria(describedby=title_id),
    )


def _status() -> Component:
    return html.Div(
        [
            html.H2(id=ids.STATUS_TITLE),
            html.P(id=ids.STATUS_MESSAGE),
            html.Button("Try again", id=ids.RETRY, type="button"),
            html.Button("Clear all filters", id=ids.CLEAR, type="button", **_data(clear="")),
        ],
        id=ids.STATUS,
        className="status",
        role="alert",
        hidden=True,
    )


def _aria(**names: str) -> dict[str, Any]:
    return {f"aria-{name}": value for name, value in names.items()}


def _data(**names: str) -> dict[str, Any]:
    return {f"data-{name}": value for name, value in names.items()}
