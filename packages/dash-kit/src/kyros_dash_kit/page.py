"""The frame of a dashboard's page: heading, filters, key figures, charts, and what went wrong.

A dashboard says what its page holds (:class:`Page`) and how to load it (a coroutine from a
:class:`Selection` to a :class:`View`). One filter change is one callback, one round trip.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from kyros_dash_kit import _ids as ids

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from kyros_dash_kit._client import DataClient, Tenant
    from kyros_dash_kit.chart import Chart
    from kyros_dash_kit.theme import Figure

_LONGEST_VALUE = 200
_GRAPH_CONFIG: Any = {"displayModeBar": False, "responsive": True}
_NOTHING_YET: Figure = {"data": [], "layout": {"xaxis": {"visible": False}}}


@dataclass(frozen=True, slots=True)
class Filter:
    """A drop-down whose value is a parameter of the page's URL.

    Attributes:
        parameter: its name in the URL, and the component's id.
        label: what stands above it.
    """

    parameter: str
    label: str


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a chart.

    Attributes:
        chart: the chart's id.
        wide: whether it takes the whole width of a large screen.
    """

    chart: str
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """What the reader chose; from the URL, hence to be trusted in nothing.

    Attributes:
        theme: ``light`` or ``dark``.
        values: by parameter; without those that were left open.
    """

    theme: str
    values: Mapping[str, str]

    def get(self, parameter: str) -> str | None:
        """Return the value chosen for a parameter, None when it was left open."""
        return self.values.get(parameter)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a filter offers.

    Attributes:
        options: label by value.
        open_label: what an open filter stands for.
    """

    options: Mapping[str, str]
    open_label: str


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One large number: what it is, and what it says beside."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows of one selection.

    Attributes:
        tenant: whose data it is.
        summary: one line that says what the data covers.
        key_figures: from left to right.
        charts: by id, one for each slot.
        choices: by filter.
        empty: why there is nothing to show; when set, charts and key figures are not shown.
    """

    tenant: Tenant
    summary: str = ""
    key_figures: Sequence[KeyFigure] = ()
    charts: Mapping[str, Chart] = field(default_factory=dict)
    choices: Mapping[str, Choices] = field(default_factory=dict)
    empty: str = ""


Load = Callable[["DataClient", Selection], Awaitable[View]]


@dataclass(frozen=True)
class Page:
    """What a dashboard's page holds.

    Attributes:
        title: the dashboard's name.
        question: what it answers.
        key_figures: how many there are.
        filters: from left to right.
        slots: the charts, in reading order.
    """

    title: str
    question: str
    key_figures: int
    filters: Sequence[Filter]
    slots: Sequence[Slot]

    def layout(self) -> Component:
        """Build the components, the same for every tenant and selection."""
        return html.Div(
            id=ids.PAGE,
            className="page",
            children=[
                dcc.Location(id=ids.URL, refresh=False),
                dcc.Store(id=ids.STATE),
                dcc.Interval(id=ids.CLOCK, interval=3000, disabled=True),
                self._header(),
                _status(),
                self._content(),
            ],
        )

    def _header(self) -> Component:
        heading = html.Div(
            [html.H1(self.title), html.P(self.question, className="question")], className="heading"
        )
        filters = html.Div(
            [_drop_down(item) for item in self.filters],
            className="filters",
            role="group",
            **_aria(label="Filters"),
        )
        return html.Header([heading, filters], className="head")

    def _content(self) -> Component:
        waiting = [key_figure(KeyFigure("\N{NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"))]
        return html.Main(
            id=ids.CONTENT,
            className="content waiting",
            children=[
                html.P(id=ids.SUMMARY, className="summary", role="status"),
                html.Div(waiting * self.key_figures, id=ids.KEY_FIGURES, className="key-figures"),
                html.Div([_figure(slot) for slot in self.slots], className="charts"),
            ],
        )

    def selection(self, state: object) -> Selection:
        """Read what the browser sent; what is not of the expected form is left out."""
        given = state if isinstance(state, dict) else {}
        values = {
            item.parameter: value
            for item in self.filters
            if isinstance(value := given.get(item.parameter), str)
            and 0 < len(value) <= _LONGEST_VALUE
        }
        return Selection("dark" if given.get("theme") == "dark" else "light", values)


def _aria(**names: str) -> dict[str, Any]:
    return {f"aria-{name}": value for name, value in names.items()}


def key_figure(figure: KeyFigure) -> Component:
    """Show one key figure."""
    return html.Div(
        [
            html.Div(figure.label, className="key-label"),
            html.Div(figure.value, className="key-value"),
            html.Div(figure.note, className="key-note"),
        ],
        className="key-figure",
        role="group",
    )


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
    )


def _figure(slot: Slot) -> Component:
    part = ids.ChartIds(slot.chart)
    return html.Figure(
        [
            html.Figcaption(
                [
                    html.H2("\N{NO-BREAK SPACE}", id=part.title),
                    html.P("\N{NO-BREAK SPACE}", id=part.note, className="note"),
                ]
            ),
            html.Div(
                dcc.Graph(id=part.graph, figure=_NOTHING_YET, config=_GRAPH_CONFIG),
                className="drawing",
                role="img",
                **_aria(labelledby=part.title),
            ),
            html.A(
                "Download CSV",
                id=part.csv,
                className="csv",
                download=f"{slot.chart}.csv",
                **_aria(describedby=part.title),
            ),
        ],
        className="chart wide" if slot.wide else "chart",
    )


def _status() -> Component:
    return html.Div(
        [
            html.H2(id=ids.STATUS_TITLE),
            html.P(id=ids.STATUS_MESSAGE),
            html.Button("Try again", id=ids.RETRY, type="button"),
        ],
        id=ids.STATUS,
        className="status",
        role="alert",
        hidden=True,
    )
