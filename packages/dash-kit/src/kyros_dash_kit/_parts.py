"""What a page is filled with, in parts: each is what changes together, and has a digest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from dash import Output
from dash.development.base_component import Component

from kyros_dash_kit import _ids as ids
from kyros_dash_kit._hints import Terms, terms_in
from kyros_dash_kit._layout import key_figure
from kyros_dash_kit._tables import table_component
from kyros_dash_kit.chart import csv_href
from kyros_dash_kit.page import Filter, Panel, Slider, Slot, TableSlot
from kyros_dash_kit.theme import make_theme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kyros_dash_kit.chart import Chart
    from kyros_dash_kit.page import Page, Tab
    from kyros_dash_kit.view import (
        Choices,
        KeyFigure,
        Notice,
        PanelView,
        Selection,
        TableView,
        View,
    )

_DIGEST_SIZE = 9
_MANY_OPTIONS = 8  # from here on a drop-down has a field to search them


@dataclass(frozen=True, slots=True)
class Part:
    """Values of some outputs.

    Attributes:
        values: by the outputs' names.
        digest: equal when they are.
        default: of a filter or slider.
    """

    values: Mapping[str, Any]
    digest: str
    default: str | None = None


Parts = dict[str, Part]
Outputs = dict[str, dict[str, Output]]


def page_outputs(page: Page) -> Outputs:
    """Return the outputs of a page's callback, by part."""
    outputs: Outputs = {
        "style": {"style": Output(ids.PAGE, "style")},
        "status": {
            "hidden": Output(ids.STATUS, "hidden"),
            "title": Output(ids.STATUS_TITLE, "children"),
            "message": Output(ids.STATUS_MESSAGE, "children"),
            "button": Output(ids.RETRY, "hidden"),
            "clear": Output(ids.CLEAR, "hidden"),
            "clock": Output(ids.CLOCK, "disabled"),
            "content": Output(ids.CONTENT, "hidden"),
        },
        "summary": {"summary": Output(ids.SUMMARY, "children")},
        "notice": {
            "hidden": Output(ids.NOTICE, "hidden"),
            "notice": Output(ids.NOTICE_TEXT, "children"),
            "folded": Output(ids.NOTICE_DETAILS, "children"),
            "unfolded": Output(ids.NOTICE_FOLD, "hidden"),
        },
    }
    for item in page.filters:
        if isinstance(item, Filter):
            outputs[f"choices:{item.parameter}"] = {
                "options": Output(item.parameter, "options"),
                "placeholder": Output(item.parameter, "placeholder"),
                "clearable": Output(item.parameter, "clearable"),
                "searchable": Output(item.parameter, "searchable"),
            }
        elif isinstance(item, Slider):
            outputs[f"choices:{item.parameter}"] = {}  # only its default, for kyros.js
    for tab in page.tabs:
        outputs.update(_tab_outputs(tab))
    return outputs


def _tab_outputs(tab: Tab) -> Outputs:
    outputs: Outputs = {f"key_figures:{tab.id}": _key_figure_outputs(ids.key_figures(tab.id))}
    for panel in tab.panels():
        part = ids.PanelIds(panel.parameter)
        outputs[f"panel:{panel.parameter}"] = {
            "hidden": Output(part.place, "hidden"),
            "title": Output(part.title, "children"),
            "note": Output(part.note, "children"),
            **_key_figure_outputs(part.key_figures),
        }
    for slot in tab.everything():
        if isinstance(slot, Slot):
            outputs[f"chart:{slot.chart}"] = _chart_outputs(slot.chart)
        elif isinstance(slot, TableSlot):
            outputs[f"table:{slot.table}"] = _table_outputs(slot.table)
    return outputs


def _key_figure_outputs(component_id: str) -> dict[str, Output]:
    return {
        "key_figures": Output(component_id, "children"),
        "key_figures_hidden": Output(component_id, "hidden"),
    }


def _chart_outputs(chart: str) -> dict[str, Output]:
    part = ids.ChartIds(chart)
    return {
        "hidden": Output(part.place, "hidden"),
        "title": Output(part.title, "children"),
        "note": Output(part.note, "children"),
        "figure": Output(part.graph, "figure"),
        "alt": Output(part.drawing, "aria-label"),
        "csv": Output(part.csv, "href"),
    }


def _table_outputs(table: str) -> dict[str, Output]:
    part = ids.TableIds(table)
    return {
        "hidden": Output(part.place, "hidden"),
        "title": Output(part.title, "children"),
        "note": Output(part.note, "children"),
        "body": Output(part.body, "children"),
        "csv": Output(part.csv, "href"),
    }


def failed_parts(title: str, message: str, *, retry: bool = False, clear: bool = False) -> Parts:
    """Return what a page shows when it cannot show data.

    Args:
        title: what happened, in a few words.
        message: what to do about it.
        retry: whether to offer another try, and to try again by itself.
        clear: whether to offer to clear all filters.
    """
    return {"status": _status(title, message, retry=retry, clear=clear)}


def view_parts(page: Page, view: View, selection: Selection) -> Parts:
    """Return what a page shows of a view; the parts of other tabs are not among them."""
    theme = make_theme(selection.theme, view.tenant.primary_color)
    parts = {
        "style": _part({"style": {"--accent": theme.accent}}),
        "status": _status("Nothing to show", view.empty) if view.empty else _no_status(),
    }
    for parameter, choices in view.choices.items():
        parts[f"choices:{parameter}"] = _choices(choices)
    for parameter, rest in view.rests.items():
        parts[f"choices:{parameter}"] = _part({}, f"{rest:g}")
    if view.empty:
        return parts
    tab = next(tab for tab in page.tabs if tab.id == selection.tab)
    terms = Terms(page.glossary, terms_in(tab.notes(), page.glossary))
    parts["summary"] = _part({"summary": terms.mark(view.summary)})
    parts["notice"] = _notice(view.notice)
    parts[f"key_figures:{tab.id}"] = _part(_key_figures(view.key_figures, terms))
    for slot in tab.slots:  # in reading order: a term is explained where it stands first
        if isinstance(slot, Panel):
            panel = view.panels.get(slot.parameter)
            parts[f"panel:{slot.parameter}"] = _panel(panel, terms)
        for one in slot.slots if isinstance(slot, Panel) else [slot]:
            if isinstance(one, Slot):
                parts[f"chart:{one.chart}"] = _chart(view.charts.get(one.chart), one, terms)
            elif isinstance(one, TableSlot):
                parts[f"table:{one.table}"] = _table(view.tables.get(one.table), terms)
    return parts


def _part(values: Mapping[str, Any], default: str | None = None) -> Part:
    text = json.dumps([values, default], default=_plain, separators=(",", ":"))
    digest = blake2b(text.encode(), digest_size=_DIGEST_SIZE).hexdigest()
    return Part(values, digest, default)


def _plain(value: object) -> object:
    """Return what JSON knows of a component."""
    if isinstance(value, Component):
        return value.to_plotly_json()  # type: ignore[no-untyped-call]
    return repr(value)


def _status(title: str, message: str, *, retry: bool = False, clear: bool = False) -> Part:
    return _part(
        {
            "hidden": False,
            "title": title,
            "message": message,
            "button": not retry,
            "clear": not clear,
            "clock": not retry,
            "content": True,
        }
    )


def _no_status() -> Part:
    return _part(
        {
            "hidden": True,
            "title": "",
            "message": "",
            "button": True,
            "clear": True,
            "clock": True,
            "content": False,
        }
    )


def _notice(notice: Notice) -> Part:
    return _part(
        {
            "hidden": not notice.text,
            "notice": notice.text,
            "folded": notice.details,
            "unfolded": not notice.details,
        }
    )


def _key_figures(figures: Sequence[KeyFigure], terms: Terms) -> dict[str, Any]:
    return {
        "key_figures": [key_figure(figure, terms) for figure in figures],
        "key_figures_hidden": not figures,
    }


def _choices(choices: Choices) -> Part:
    options = [{"value": value, "label": label} for value, label in choices.options.items()]
    values = {
        "options": options,
        "placeholder": choices.open_label,
        "clearable": choices.default is None,
        "searchable": len(options) > _MANY_OPTIONS,
    }
    return _part(values, choices.default)


def _chart(chart: Chart | None, slot: Slot, terms: Terms) -> Part:
    if chart is None:
        return _part({"hidden": True})
    layout = {"height": slot.height, **chart.figure.get("layout", {})}
    return _part(
        {
            "hidden": False,
            "title": chart.title,
            "note": terms.mark(chart.note),
            "figure": {**chart.figure, "layout": layout},
            "alt": chart.alt or chart.title,
            "csv": csv_href(chart.frame),
        }
    )


def _table(table: TableView | None, terms: Terms) -> Part:
    if table is None:
        return _part({"hidden": True})
    return _part(
        {
            "hidden": False,
            "title": table.title,
            "note": terms.mark(table.note),
            "body": table_component(table, terms),
            "csv": csv_href(table.frame),
        }
    )


def _panel(panel: PanelView | None, terms: Terms) -> Part:
    if panel is None:
        return _part({"hidden": True})
    return _part(
        {
            "hidden": False,
            "title": panel.title,
            "note": terms.mark(panel.note),
            **_key_figures(panel.key_figures, terms),
        }
    )
