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
class OneOf:
    """An optional parameter with a fixed list of values, bound as ``$name``.

    Attributes:
        values: those allowed; numbers are bound as numbers.
        default: what stands for an absent one; None is NULL.
        meaning: for the API's description.
    """

    values: tuple[str | int, ...]
    meaning: str
    default: str | int | None = None


@dataclass(frozen=True)
class Number:
    """An optional number within bounds, bound as ``$name``.

    Attributes:
        minimum: the least that is allowed.
        maximum: the greatest.
        default: what stands for an absent one; None is NULL.
        meaning: for the API's description.
    """

    minimum: float
    maximum: float
    meaning: str
    default: float | None = None


@dataclass(frozen=True)
class Text:
    """A required text of the caller, bound as ``$name``.

    Attributes:
        meaning: for the API's description.
        longest: how many characters at most.
    """

    meaning: str
    longest: int = 200


@dataclass(frozen=True)
class Segment:
    """An optional parameter naming a column by which the data can be cut; absent is the first.

    Those columns, their values and the values' order are in the table ``segments`` of the data. In
    the SQL ``{name}`` stands for the column itself, quoted, and ``$name`` for its name.
    """


@dataclass(frozen=True)
class Part:
    """An optional parameter ``<segment column>:<value>``: what has this value, and nothing else.

    In the SQL ``{name}`` stands for the condition, and ``$name`` for the value; without the
    parameter they are true and NULL.
    """


Parameter = Choice | OneOf | Number | Text | Segment | Part


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
class Either:
    """Two texts of a part of a query, where planning one for both cases would take longer.

    Attributes:
        question: SQL of one true or false, with what the query binds.
        yes: what stands there if it is true.
        no: what stands there if it is not.
    """

    question: str
    yes: str
    no: str


@dataclass(frozen=True)
class View:
    """One query, aggregated where the data is: what a chart needs and no more.

    Attributes:
        summary: what it tells, in some words.
        sql: with ``$table`` for each of the dashboard's tables, ``$parameter`` and ``$setting``.
        example: for the API's description.
        parameters: what a caller may or must say, by name.
        settings: values of the dashboard's configuration that the SQL binds, by name: where each
            stands there, as ``outer.inner``.
        phrases: what stands for ``{name}`` in the SQL.
    """

    summary: str
    sql: str
    example: Example
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    phrases: Mapping[str, Either] = field(default_factory=dict)


@dataclass(frozen=True)
class Derived:
    """A column of the rows that is worked out when somebody asks for it by its name.

    Attributes:
        sql: from the other columns, and ``$setting``.
        kind: DuckDB's type of it.
        settings: as those of a view.
    """

    sql: str
    kind: str
    settings: Mapping[str, str] = field(default_factory=dict)


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
        tables: all that its data consist of: those that its views read, and the rows table.
        derived: further columns of the rows table, by name; they may be wanted, filtered and sorted
            by, and are left out where nobody asks for certain columns.
        format: raised when the same input gives other tables, so that the demo is made anew.
    """

    id: str
    title: str
    description: str
    config: Mapping[str, Any]
    rows_table: str
    key: str
    views: Mapping[str, View]
    tables: tuple[str, ...]
    format: int = 1
    derived: Mapping[str, Derived] = field(default_factory=dict)
