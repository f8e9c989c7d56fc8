"""What a dashboard declares: what people call it, and its data as tables, rows and views."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Choice:
    """An optional parameter bound as ``$name``; absent is NULL, which the SQL takes for "all".

    Attributes:
        choices: a query for the allowed values, in one column.
    """

    choices: str


@dataclass(frozen=True)
class Segment:
    """A required parameter naming one of the tenant's segment columns.

    Segments are declared in the dashboard's configuration as ``{"column", "title", "order"}``.
    The SQL gets the column's name as ``$name`` of the parameter, and its values in their natural
    order as ``$segment_order``.
    """


Parameter = Choice | Segment


@dataclass(frozen=True)
class Example:
    """A real answer of the demo, which a test holds to be true.

    Attributes:
        columns: every column, with its first values.
        given: the parameters that it is the answer to.
    """

    columns: Mapping[str, list[Any]]
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class View:
    """One query, aggregated where the data is: what a chart needs and no more.

    Attributes:
        summary: what it tells, in some words.
        sql: with ``$table`` for each of the dashboard's tables, and ``$parameter``.
        example: for the API's description.
        parameters: what a caller may or must say, by name.
    """

    summary: str
    sql: str
    example: Example
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


@dataclass(frozen=True)
class DashboardData:
    """A dashboard of the product, and its data.

    Attributes:
        id: of its row in the metadata, the same in every installation.
        title: what people call it.
        description: the question that it answers.
        config: settings of all tenants, over which each may lay its own.
        rows_table: the table that ``/data`` answers with.
        key: its column that identifies a row; it makes every sort order complete.
        views: by name.
    """

    id: str
    title: str
    description: str
    config: Mapping[str, Any]
    rows_table: str
    key: str
    views: Mapping[str, View]
