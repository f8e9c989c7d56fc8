"""Small tables, as the browser's own: a caption for screen readers, heads of columns and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from kyros_dash_kit.formats import Money, write

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from kyros_dash_kit._hints import Terms
    from kyros_dash_kit.page import Column
    from kyros_dash_kit.view import TableView

_TEXT = ("text", "date", "month")


def table_component(table: TableView, terms: Terms) -> Component:
    """Show a table, and hints of the terms in it; its first column names the row."""
    money = Money(table.currency)
    columns = [column for column in table.columns if column.field in table.frame]
    values = zip(*(table.frame[column.field] for column in columns), strict=True)
    titles = [html.Th(terms.mark(one.title), scope="col", **_align(one)) for one in columns]
    rows = [
        html.Tr(
            [
                _cell(
                    write(value, column.kind, money, column.decimals),
                    column,
                    terms,
                    first=at == 0,
                )
                for at, (value, column) in enumerate(zip(row, columns, strict=True))
            ]
        )
        for row in values
    ]
    return html.Table(
        [
            html.Caption(table.title, className="for-screen-readers"),
            html.Thead(html.Tr(titles)),
            html.Tbody(rows),
        ],
        className="table",
    )


def _cell(text: str, column: Column, terms: Terms, *, first: bool) -> Component:
    words = terms.mark(text) if column.kind == "text" else text
    if first and text.strip():  # one that repeats the row above is blank, and no heading
        return html.Th(words, scope="row", **_align(column))
    return html.Td(words, **_align(column))


def _align(column: Column) -> dict[str, Any]:
    return {} if column.kind in _TEXT else {"className": "number"}
