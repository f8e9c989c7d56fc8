"""Rows of a grid: which of them a selection means, and in what form the browser gets them.

A grid asks for a page of rows at a time, as the reader scrolls, sorts and searches. What the
dashboard says is only which rows the filters stand for (:class:`RowsQuery`); order, page and search
are the kit's, and the API's ``/data`` does the work.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kyros_dash_kit._client import DataClient
    from kyros_dash_kit.view import Selection


@dataclass(frozen=True, slots=True)
class RowsQuery:
    """Which rows a selection means.

    Attributes:
        filters: as ``/data`` takes them: ``{"cohort": "1997-01", "value": {"gte": 5}}``. Those that
            are None are left out.
        columns: the API's column of a grid's field, where the two differ:
            ``{"value": "value_52_10"}``. A field that is "" here is hidden: it is one that this
            tenant does not have.
        sort: the order before the reader chooses one, in the grid's fields: ``-value``.
        search: the grid's field that is searched; the grid's key when empty.
        currency: of the amounts.
        titles: headings that depend on the selection, by field, in place of the grid's own.
    """

    filters: Mapping[str, object] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    search: str = ""
    currency: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowsPage:
    """Some of the rows that match.

    Attributes:
        total: how many match in all.
        frame: those asked for, one sequence a column.
    """

    total: int
    frame: Mapping[str, Sequence[Any]]


FindRows = Callable[["DataClient", "Selection"], Awaitable[RowsQuery]]
