"""What a dashboard takes in, and what is made of it before anybody asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import duckdb

Kind = Literal["text", "date", "integer", "number", "boolean"]

# Is told each step as it begins, in a few words: "Fitting BG/NBD".
Report = Callable[[str], None]


@dataclass(frozen=True)
class InputColumn:
    """A column that the input table has, with what holds for its values.

    Attributes:
        name: of the column.
        kind: of its values; in the table VARCHAR, DATE, BIGINT, DOUBLE, BOOLEAN.
        meaning: what it says, with its unit, for people.
        required: whether a file must have it, and no row may leave it empty. What is not required
            is in the table all the same, NULL where nothing is said.
        minimum: the least value of a number.
        maximum: the greatest value of a number.
        unique: whether no two rows may have the same value.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = True
    minimum: float | None = None
    maximum: float | None = None
    unique: bool = False


@dataclass(frozen=True)
class Options:
    """What is said once for all rows.

    Attributes:
        currency: of all money, ISO 4217; None when nobody said.
        as_of: the end of the observation; None is the last date of the data.
        segments: of accounts: the columns by which a portfolio can be cut, as mappings with
            ``column``, ``title`` and (if its values have a natural one) ``order``.
        variables: of accounts: the columns that the score is made of; empty is all that fit.
        at: when this is done, in UTC: the date of the fit.
    """

    currency: str | None = None
    as_of: date | None = None
    segments: Sequence[Mapping[str, Any]] = ()
    variables: Sequence[str] = ()
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True)
class Preparation:
    """How the tables of one dashboard come about.

    Attributes:
        slug: of the dashboard.
        table: the name of its input table.
        unit: what a row of the input table is, in the plural.
        columns: of the input table, in their order.
        build: finds the input table in the database and makes all other tables that the catalogue
            lists for the dashboard, without ``dataset``. A model that does not apply leaves its
            tables empty and a warning in ``model_card``; it raises nothing.
        products: a column that a file may leave out when it has two others, whose product it is.
        other_columns: whether further columns of the input are attributes of its rows.
        reserved: names that a further column cannot have, because ``build`` makes such columns.
    """

    slug: str
    table: str
    unit: str
    columns: tuple[InputColumn, ...]
    build: Callable[[duckdb.DuckDBPyConnection, Options, Report], None]
    products: Mapping[str, tuple[InputColumn, InputColumn]] = field(default_factory=dict)
    other_columns: bool = False
    reserved: tuple[str, ...] = ()
