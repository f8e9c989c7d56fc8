"""The components of a page: the same for every tenant and selection, filled by the callback.

What only the browser knows (which tab is open, what is on its way) is kept in attributes by
``assets/kyros.js``, which finds its elements by the ``data-`` attributes that are set here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from kyros_dash_kit import _ids as ids
from kyros_dash_kit._grid import grid_place
from kyros_dash_kit._header import aria, controls, data, heading, tab_bar
from kyros_dash_kit._hints import Terms, about
from kyros_dash_kit.page import GridSlot, Panel, Slot, TableSlot
from kyros_dash_kit.view import KeyFigure

if TYPE_CHECKING:
    from collections.abc import Mapping

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
            html.Header([*heading(page), tab_bar(page.tabs)]),
            *controls(page),
            # Figures or why there are none: there is always a main part to go to.
            html.Main([_status(), _content(page)]),
        ],
        **data(tabs=" ".join(tab.id for tab in page.tabs), parameters=" ".join(page.parameters)),
    )


def key_figure(figure: KeyFigure, terms: Terms) -> Component:
    """Show one key figure, and hints of the terms in it."""
    label = _with_hint(figure) if figure.hint else terms.mark(figure.label)
    parts = [
        html.Div(label, className="key-label"),
        html.Div(figure.value, className="key-value"),
        html.Div(
            [
                html.Div(terms.mark(figure.note), className="key-note"),
                *([html.Div(figure.interval, className="key-interval")] if figure.interval else []),
            ]
        ),
    ]
    return html.Div(parts, className="key-figure", role="group")


def _content(page: Page) -> Component:
    return html.Div(
        id=ids.CONTENT,
        className="content",
        children=[
            html.P(_BLANK, id=ids.SUMMARY, className="summary", role="status"),
            _notice(),
            *[_tab_panel(tab, page.glossary, alone=len(page.tabs) == 1) for tab in page.tabs],
        ],
        **aria(busy="true"),
    )


def _with_hint(figure: KeyFigure) -> list[Any]:
    """Put the question mark behind the label's last word, which goes with it to the next line."""
    before, _, last = figure.label.rpartition(" ")
    mark = about(f"“{figure.label}”", figure.hint)
    return [f"{before} " if before else "", html.Span([last, mark], className="unbroken")]


def _notice() -> Component:
    """Return the place of what to know before reading on, the long of it folded."""
    folded = [html.Summary("Read more"), html.P(id=ids.NOTICE_DETAILS)]
    return html.Div(
        [
            html.P(id=ids.NOTICE_TEXT),
            html.Details(folded, id=ids.NOTICE_FOLD, className="fold", hidden=True),
        ],
        id=ids.NOTICE,
        className="notice",
        hidden=True,
    )


def _tab_panel(tab: Tab, glossary: Mapping[str, str], *, alone: bool) -> Component:
    about: dict[str, Any] = (
        {} if alone else {"role": "tabpanel", **aria(labelledby=ids.tab(tab.id))}
    )
    terms = Terms(glossary)
    return html.Section(
        [
            _key_figures(ids.key_figures(tab.id), tab.key_figures),
            html.Div([_place(slot, terms) for slot in tab.slots], className="charts"),
        ],
        id=ids.tab_panel(tab.id),
        className="tab-panel",
        **about,
        **data(panel=tab.id),
    )


def _place(slot: Slot | TableSlot | GridSlot | Panel, terms: Terms) -> Component:
    if isinstance(slot, Slot):
        return _chart(slot)
    if isinstance(slot, TableSlot):
        return _table(slot)
    return grid_place(slot, terms) if isinstance(slot, GridSlot) else _panel(slot, terms)


def _key_figures(component_id: str, number: int) -> Component:
    blank = KeyFigure(_BLANK, _BLANK, _BLANK)
    waiting = [key_figure(blank, Terms({})) for _ in range(number)]
    return html.Div(waiting, id=component_id, className="key-figures", hidden=not number)


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
                **aria(label="Figures are on their way"),
            ),
            _csv_link(part.csv, part.title, f"{slot.chart}.csv"),
        ],
        id=part.place,
        className=" ".join(classes),
        **data(click=slot.click or ""),
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
                **aria(labelledby=part.title),
            ),
            _csv_link(part.csv, part.title, f"{slot.table}.csv"),
        ],
        id=part.place,
        className="chart wide" if slot.wide else "chart",
    )


def _panel(panel: Panel, terms: Terms) -> Component:
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
                        **aria(describedby=part.title),
                        **data(close=panel.parameter),
                    ),
                ],
                className="panel-head",
            ),
            html.P(id=part.note, className="note"),
            _key_figures(part.key_figures, panel.key_figures),
            html.Div([_place(slot, terms) for slot in panel.slots], className="charts"),
        ],
        id=part.place,
        className="panel",
        hidden=True,
        **aria(labelledby=part.title),
        **data(details=panel.parameter),
    )


def _csv_link(component_id: str, title_id: str, file: str) -> Component:
    return html.A(
        "CSV",
        id=component_id,
        className="csv",
        download=file,
        title="Download these numbers as CSV",
        **aria(describedby=title_id),
    )


def _status() -> Component:
    return html.Div(
        [
            html.H2(id=ids.STATUS_TITLE),
            html.P(id=ids.STATUS_MESSAGE),
            html.Button("Try again", id=ids.RETRY, type="button"),
            html.Button("Clear all filters", id=ids.CLEAR, type="button", **data(clear="")),
        ],
        id=ids.STATUS,
        className="status",
        role="alert",
        hidden=True,
    )
