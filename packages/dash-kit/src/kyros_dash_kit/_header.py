"""The top of a page: what it is called, its tabs, and what the reader can choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from kyros_dash_kit import _ids as ids
from kyros_dash_kit._hints import about, terms_in
from kyros_dash_kit.page import Filter, Hidden

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dash.development.base_component import Component

    from kyros_dash_kit.page import Page, Slider, Tab


def heading(page: Page) -> list[Component]:
    """Return the name, which the shell shows above an embedded page, and the question."""
    return [html.H1(page.title), html.P(page.question, className="question")]


def tab_bar(tabs: Sequence[Tab]) -> Component:
    """Return the tabs, which scroll sideways where there is no room for all of them."""
    buttons = [
        html.Button(
            tab.title,
            id=ids.tab(tab.id),
            type="button",
            role="tab",
            className="tab",
            tabIndex=0 if tab is tabs[0] else -1,
            **aria(selected="true" if tab is tabs[0] else "false", controls=ids.tab_panel(tab.id)),
            **data(tab=tab.id),
        )
        for tab in tabs
    ]
    bar = html.Div(
        buttons,
        id=ids.TABS,
        className="tabs",
        role="tablist",
        hidden=len(tabs) == 1,
        **aria(label="Views"),
    )
    return html.Div(bar, className="tab-bar")


def controls(page: Page) -> list[Component]:
    """Return the filters below the tabs, where they stay whichever of them a tab has.

    On a narrow screen they are folded: ``assets/kyros-narrow.js`` opens them where there is room.
    """
    shown = [
        _drop_down(item, page.glossary)
        if isinstance(item, Filter)
        else _slider(item, page.glossary)
        for item in page.filters
        if not isinstance(item, Hidden)
    ]
    if not shown:
        return []
    summary = html.Summary(["Filters", html.Span(id=ids.ACTIVE_FILTERS, className="active")])
    region = html.Div(shown, className="filters", role="region", **aria(label="Filters"))
    return [html.Details([summary, region], id=ids.FILTERS, className="fold filter-fold")]


def _drop_down(item: Filter, glossary: Mapping[str, str]) -> Component:
    label_id = f"{item.parameter}-label"
    return html.Div(
        [
            _head(html.Label(item.label, id=label_id, htmlFor=item.parameter), item, glossary),
            dcc.Dropdown(id=item.parameter, options=[], placeholder="", className="drop-down"),
        ],
        className="filter",
        # Dash's drop-down names itself by its value alone; the group says what the value is of.
        role="group",
        **aria(labelledby=label_id),
        **data(filter=item.parameter, tabs=" ".join(item.tabs)),
    )


def _slider(item: Slider, glossary: Mapping[str, str]) -> Component:
    value_id = f"{item.parameter}-value"
    value = html.Span(id=value_id, className="slider-value", **aria(hidden="true"))
    return html.Div(
        [
            html.Div(
                [_head(html.Label(item.label, htmlFor=item.parameter), item, glossary), value],
                className="slider-head",
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
        **data(
            slider=item.parameter,
            default=f"{item.default:g}",
            unit=item.unit,
            tabs=" ".join(item.tabs),
        ),
    )


def _head(label: Component, item: Filter | Slider, glossary: Mapping[str, str]) -> Component:
    """Put hints beside a label: within it, a click would go to the control as well."""
    hints = [about(word, glossary[word]) for word in terms_in(item.label, glossary)]
    return html.Div([label, *hints], className="filter-head")


def aria(**names: str) -> dict[str, Any]:
    """Return attributes of accessibility."""
    return {f"aria-{name}": value for name, value in names.items()}


def data(**names: str) -> dict[str, Any]:
    """Return attributes for the page's scripts."""
    return {f"data-{name}": value for name, value in names.items()}
