"""The path from which a grid reads its rows, and all of them at once as CSV.

``GET <prefix>_kyros-rows?_grid=customers&_offset=0&_limit=100&_sort=-value&cohort=1997-01``: the
names with an underscore are the grid's, the others the page's parameters, as in its URL. It is
behind the gate as callbacks are. Values come as they are shown, since the grid neither sorts nor
filters by itself; ``_format=csv`` streams what the API writes.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from fastapi import Request, Response  # noqa: TC002 - FastAPI reads the annotations
from fastapi.responses import JSONResponse, StreamingResponse

from kyros_dash_kit.errors import DataError, SelectionError
from kyros_dash_kit.formats import Money, write
from kyros_shared_config import error_body

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from contextlib import AbstractAsyncContextManager

    from dash import Dash

    from kyros_dash_kit._client import DataClient
    from kyros_dash_kit.page import GridSlot, Page
    from kyros_dash_kit.rows import FindRows, RowsPage, RowsQuery

ROWS_PATH = "_kyros-rows"
_MOST_ROWS = 500
_LAST_ROW = 2**31 - 1
_log = logging.getLogger("kyros.dash")


def add_rows_route(
    dash: Dash, client: DataClient, page: Page, rows: Mapping[str, FindRows]
) -> None:
    """Add the path to the server.

    Args:
        dash: the application.
        client: the way to data.
        page: has the grids.
        rows: of each grid.
    """
    grids = {slot.grid: slot for slot in page.grids}

    async def answer(request: Request) -> Response:
        asked = dict(request.query_params)
        slot = grids.get(asked.get("_grid", ""))
        if slot is None:
            return _refused(SelectionError())
        try:
            query = await rows[slot.grid](client, page.selection(asked))
            question = Question(slot, query, asked)
            if asked.get("_format") == "csv":
                return await _csv(client, question)
            return _json(question, await client.rows(**question.page()))
        except DataError as error:
            return _refused(error)

    path = f"{dash.config.routes_pathname_prefix}{ROWS_PATH}"
    dash.server.add_api_route(path, answer, methods=["GET"], response_model=None)


class Question:
    """What a grid asks for, as the API takes it.

    Raises:
        SelectionError: it asks for what the grid does not have.
    """

    def __init__(self, slot: GridSlot, query: RowsQuery, asked: Mapping[str, str]) -> None:
        self.slot = slot
        self.query = query
        self._asked = asked

    @property
    def columns(self) -> dict[str, str]:
        """The API's column of each field that this tenant has."""
        fields = (column.field for column in self.slot.columns)
        named = {field: self.query.columns.get(field, field) for field in fields}
        return {field: name for field, name in named.items() if name}

    @property
    def hidden(self) -> list[str]:
        """The fields that this tenant does not have."""
        return [one.field for one in self.slot.columns if one.field not in self.columns]

    def matching(self) -> dict[str, Any]:
        """Return which rows, in which order."""
        return {
            "filters": self._filters(),
            "columns": list(self.columns.values()),
            "sort": self._sort(),
        }

    def page(self) -> dict[str, Any]:
        """Return which of them now."""
        return {
            **self.matching(),
            "limit": self._number("_limit", 100, 1, _MOST_ROWS),
            "offset": self._number("_offset", 0, 0, _LAST_ROW),
        }

    def _filters(self) -> dict[str, object]:
        text = self._asked.get(self.slot.search or "", "").strip()
        field = self.query.search or self.slot.key
        searched = {self.columns.get(field, field): {"contains": text}} if text else {}
        return {**self.query.filters, **searched}

    def _sort(self) -> str:
        sort = self._asked.get("_sort") or self.query.sort
        field = sort.removeprefix("-")
        if not field:
            return ""
        if field not in self.columns:
            raise SelectionError
        return f"{'-' if sort.startswith('-') else ''}{self.columns[field]}"

    def _number(self, name: str, default: int, least: int, most: int) -> int:
        text = self._asked.get(name, str(default))
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise SelectionError
        return int(text)


def _json(question: Question, found: RowsPage) -> Response:
    money = Money(question.query.currency)
    written = {
        column.field: [
            write(value, column.kind, money, column.decimals)
            for value in found.frame[question.columns[column.field]]
        ]
        for column in question.slot.columns
        if column.field in question.columns
    }
    key = question.slot.key
    keys = found.frame[question.columns.get(key, key)]
    rows = [
        {**dict(zip(written, values, strict=True)), "_key": str(row_key)}
        for row_key, values in zip(keys, zip(*written.values(), strict=True), strict=True)
    ]
    about = {
        "titles": dict(question.query.titles),
        "sort": question.query.sort,
        "hidden": question.hidden,
    }
    return JSONResponse({"total": found.total, "rows": rows, **about})


async def _csv(client: DataClient, question: Question) -> Response:
    download = client.csv(**question.matching())
    # What the API refuses is refused here too, before the first byte.
    chunks = await download.__aenter__()
    name = f"{question.slot.grid}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(
        _until_done(download, chunks), media_type="text/csv; charset=utf-8", headers=headers
    )


async def _until_done(
    download: AbstractAsyncContextManager[AsyncIterator[bytes]], chunks: AsyncIterator[bytes]
) -> AsyncIterator[bytes]:
    try:
        async for chunk in chunks:
            yield chunk
    finally:
        await download.__aexit__(None, None, None)


def _refused(error: DataError) -> Response:
    return JSONResponse(
        error_body(error.code or "DATA_UNAVAILABLE", f"{error.title}. {error.advice}"),
        status_code=error.status,
    )
