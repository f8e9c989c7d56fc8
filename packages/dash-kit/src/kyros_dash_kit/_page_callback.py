"""The one callback of a page: from what the reader chose to what every component shows.

The page says what it shows already, as digests of its parts (a chart, a table, the key figures).
What would come out the same is neither sent nor drawn again: a filter change then costs what it
changes. An answer and its digests reach the page together or not at all, so they never disagree.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update

from kyros_dash_kit import _ids as ids
from kyros_dash_kit import _metrics
from kyros_dash_kit._parts import Parts, failed_parts, page_outputs, view_parts
from kyros_dash_kit._rows_route import add_rows_route
from kyros_dash_kit.errors import ApiFaultError, ApiUnreachableError, DataError
from kyros_dash_kit.page import Filter, Slider, Slot
from kyros_shared_config import current_request_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kyros_dash_kit._client import DataClient
    from kyros_dash_kit.page import Page
    from kyros_dash_kit.rows import FindRows
    from kyros_dash_kit.view import Load, Selection

_log = logging.getLogger("kyros.dash")
_MOST_DIGESTS = 200


def register_page(
    dash: Dash,
    client: DataClient,
    page: Page,
    load: Load,
    rows: Mapping[str, FindRows] | None = None,
) -> None:
    """Add the callbacks that fill a page.

    Args:
        dash: the application.
        client: the way to data.
        page: what is to be filled.
        load: from the reader's selection to what is shown.
        rows: from the reader's selection to the rows of each grid, by the grid's id.

    Raises:
        ValueError: a grid has no rows, or rows have no grid.
    """
    if unmatched := {grid.grid for grid in page.grids} ^ set(rows or {}):
        raise ValueError(f"The grid {min(unmatched)!r} needs a GridSlot and an entry in rows.")
    _let_browser_choose(dash, page)
    if rows:
        add_rows_route(dash, client, page, rows)

    async def fill(state: object, _tries: object, _ticks: object, shown: object) -> dict[str, Any]:
        selection = page.selection(state)
        try:
            view = await load(client, selection)
            parts = view_parts(page, view, selection)
        except DataError as error:
            if isinstance(error, ApiFaultError | ApiUnreachableError):
                _metrics.callback_broke()
            parts = failed_parts(
                error.title, error.advice, retry=error.retryable, clear=error.clearable
            )
        except Exception:  # noqa: BLE001 - the boundary of a callback
            # The reader gets a sentence, the log the rest: Dash would show an empty page.
            _metrics.callback_broke()
            _log.exception("A view could not be drawn")
            reference = f"Reference for your administrator: {current_request_id()}"
            parts = failed_parts(DataError.title, reference)
        return _changes(page, parts, shown, selection)

    dash.callback(
        output={"shown": Output(ids.SHOWN, "data"), "parts": page_outputs(page)},
        inputs=[
            Input(ids.STATE, "data"),
            Input(ids.RETRY, "n_clicks"),
            Input(ids.CLOCK, "n_intervals"),
            State(ids.SHOWN, "data"),
        ],
    )(fill)


def _changes(page: Page, parts: Parts, shown: object, selection: Selection) -> dict[str, Any]:
    """Return what the page does not show yet, and the digests of all that it shows then."""
    known = _digests(shown)
    values: dict[str, Any] = {
        name: dict.fromkeys(outputs, no_update) for name, outputs in page_outputs(page).items()
    }
    for name, part in parts.items():
        if known.get(name) != part.digest:
            values[name].update(part.values)
            known[name] = part.digest
    defaults = {
        name.removeprefix("choices:"): part.default
        for name, part in parts.items()
        if part.default is not None
    }
    given = shown if isinstance(shown, dict) else {}
    number = given.get("number")
    return {
        "shown": {
            # Another number each time: the page learns that an answer came, changed or not.
            "number": number + 1 if isinstance(number, int) else 1,
            "tab": selection.tab,
            "digests": known,
            "defaults": {**_defaults(given), **defaults},
        },
        "parts": values,
    }


def _digests(shown: object) -> dict[str, str]:
    """Read which digests the browser sent; to be trusted in nothing but what it misses by lying."""
    digests = shown.get("digests") if isinstance(shown, dict) else None
    if not isinstance(digests, dict) or len(digests) > _MOST_DIGESTS:
        return {}
    return {str(name): str(digest) for name, digest in digests.items()}


def _defaults(shown: Mapping[str, Any]) -> dict[str, str]:
    defaults = shown.get("defaults")
    return defaults if isinstance(defaults, dict) else {}


def _let_browser_choose(dash: Dash, page: Page) -> None:
    """Connect what the reader does to the functions of ``assets/kyros.js``."""
    filters = [item.parameter for item in page.filters if isinstance(item, Filter)]
    sliders = [item.parameter for item in page.filters if isinstance(item, Slider)]
    searches = [grid.search for grid in page.grids if grid.search]
    dash.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("kyros", "start"),
        Output(ids.STATE, "data"),
        *[Output(name, "value") for name in [*filters, *sliders, *searches]],
        *[Output(name, "options", allow_duplicate=True) for name in filters],
        Input(ids.PAGE, "id"),
        prevent_initial_call="initial_duplicate",
    )
    dash.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("kyros", "shown"), Input(ids.SHOWN, "data")
    )
    if filters:
        dash.clientside_callback(  # type: ignore[no-untyped-call]
            ClientsideFunction("kyros", "choice"), *[Input(name, "value") for name in filters]
        )
    for tab in page.tabs:
        for slot in tab.everything():
            if isinstance(slot, Slot) and slot.click:
                dash.clientside_callback(  # type: ignore[no-untyped-call]
                    ClientsideFunction("kyros", "click"),
                    Input(slot.chart, "clickData"),
                    prevent_initial_call=True,
                )
