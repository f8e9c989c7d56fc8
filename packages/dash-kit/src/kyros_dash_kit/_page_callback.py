"""The one callback of a page: from what the reader chose to what every component shows."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Dash, Input, Output, no_update

from kyros_dash_kit import _ids as ids
from kyros_dash_kit.chart import csv_href
from kyros_dash_kit.errors import DataError
from kyros_dash_kit.page import Page, View, key_figure
from kyros_dash_kit.theme import make_theme
from kyros_shared_config import current_request_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kyros_dash_kit._client import DataClient
    from kyros_dash_kit.chart import Chart
    from kyros_dash_kit.page import Choices, Load, Selection

_log = logging.getLogger("kyros.dash")


def register_page(dash: Dash, client: DataClient, page: Page, load: Load) -> None:
    """Add the callbacks that fill a page.

    Args:
        dash: the application.
        client: the way to data.
        page: what is to be filled.
        load: from the reader's selection to what is shown.
    """
    _keep_filters_in_url(dash, page)

    async def fill(state: object, *_again: object) -> dict[str, Any]:
        selection = page.selection(state)
        try:
            view = await load(client, selection)
        except DataError as error:
            return _failed(page, error.title, error.advice, retry=error.retryable)
        except Exception:  # noqa: BLE001 - the boundary of a callback
            # The reader gets a sentence, the log the rest: Dash would show an empty page.
            _log.exception("A view could not be drawn")
            reference = f"Reference for your administrator: {current_request_id()}"
            return _failed(page, DataError.title, reference, retry=False)
        return _shown(page, view, selection)

    dash.callback(
        output=_outputs(page),
        inputs=[
            Input(ids.STATE, "data"),
            Input(ids.RETRY, "n_clicks"),
            Input(ids.CLOCK, "n_intervals"),
        ],
    )(fill)


def _keep_filters_in_url(dash: Dash, page: Page) -> None:
    values = [(item.parameter, "value") for item in page.filters]
    dash.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("kyros", "sync"),
        Output(ids.STATE, "data"),
        Output(ids.URL, "search"),
        *[Output(*value) for value in values],
        *[Output(item.parameter, "options", allow_duplicate=True) for item in page.filters],
        Input(ids.URL, "search"),
        *[Input(*value) for value in values],
        prevent_initial_call="initial_duplicate",
    )


def _outputs(page: Page) -> dict[str, Any]:
    return {
        "style": Output(ids.PAGE, "style"),
        "status": {
            "hidden": Output(ids.STATUS, "hidden"),
            "title": Output(ids.STATUS_TITLE, "children"),
            "message": Output(ids.STATUS_MESSAGE, "children"),
            "button": Output(ids.RETRY, "hidden"),
            "clock": Output(ids.CLOCK, "disabled"),
        },
        "content": {
            "hidden": Output(ids.CONTENT, "hidden"),
            "state": Output(ids.CONTENT, "className"),
            "summary": Output(ids.SUMMARY, "children"),
            "key_figures": Output(ids.KEY_FIGURES, "children"),
        },
        "charts": {slot.chart: _chart_outputs(slot.chart) for slot in page.slots},
        "filters": {
            item.parameter: {
                "options": Output(item.parameter, "options"),
                "placeholder": Output(item.parameter, "placeholder"),
            }
            for item in page.filters
        },
    }


def _chart_outputs(chart: str) -> dict[str, Output]:
    part = ids.ChartIds(chart)
    return {
        "title": Output(part.title, "children"),
        "note": Output(part.note, "children"),
        "figure": Output(part.graph, "figure"),
        "csv": Output(part.csv, "href"),
    }


def _shown(page: Page, view: View, selection: Selection) -> dict[str, Any]:
    theme = make_theme(selection.theme, view.tenant.primary_color)
    values = _unchanged(page)
    values["style"] = {"--accent": theme.accent}
    values["status"] = _status(title="Nothing to show", message=view.empty, shown=bool(view.empty))
    values["filters"] = {item.parameter: _choices(view, item.parameter) for item in page.filters}
    values["content"]["hidden"] = bool(view.empty)
    if not view.empty:
        values["charts"] = {slot.chart: _chart(view.charts[slot.chart]) for slot in page.slots}
        values["content"] = {
            "hidden": False,
            "state": "content",
            "summary": view.summary,
            "key_figures": [key_figure(figure) for figure in view.key_figures],
        }
    return values


def _failed(page: Page, title: str, message: str, *, retry: bool) -> dict[str, Any]:
    values = _unchanged(page)
    values["status"] = _status(title=title, message=message, shown=True, retry=retry)
    values["content"]["hidden"] = True
    return values


def _status(*, title: str, message: str, shown: bool, retry: bool = False) -> dict[str, bool | str]:
    return {
        "hidden": not shown,
        "title": title if shown else "",
        "message": message,
        "button": not retry,
        "clock": not retry,
    }


def _unchanged(page: Page) -> dict[str, Any]:
    def blank(outputs: Mapping[str, Any]) -> dict[str, Any]:
        return {
            key: blank(value) if isinstance(value, dict) else no_update
            for key, value in outputs.items()
        }

    return blank(_outputs(page))


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "title": chart.title,
        "note": chart.note,
        "figure": chart.figure,
        "csv": csv_href(chart.frame),
    }


def _choices(view: View, parameter: str) -> dict[str, Any]:
    choices: Choices | None = view.choices.get(parameter)
    if choices is None:
        return {"options": no_update, "placeholder": no_update}
    options = [{"value": value, "label": label} for value, label in choices.options.items()]
    return {"options": options, "placeholder": choices.open_label}
