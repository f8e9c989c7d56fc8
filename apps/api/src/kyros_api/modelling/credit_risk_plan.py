"""What each column of a portfolio is for: segments, variables of the scorecard, or neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kyros_api.storage.tenant_data import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from kyros_api.modelling.preparation import Options

OWN = ("account_id", "exposure", "defaulted", "lgd")
# Without a word on segments: columns with some values, and not too many columns.
_FEWEST_VALUES, _MOST_VALUES, _MOST_SEGMENTS = 2, 12, 6
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")


@dataclass(frozen=True)
class Plan:
    """What the columns are for.

    Attributes:
        attributes: all columns but the dashboard's own, with DuckDB's type, in their order.
        segments: those by which the portfolio can be cut: the title, and the values in order.
        variables: those of which the score may be made, with the SQL that reads each.
        left_out: why a column cannot be one of them, by name.
        trusted: variables that somebody has named.
        titles: what people call each column.
    """

    attributes: Mapping[str, str]
    segments: Mapping[str, tuple[str, list[str]]]
    variables: Mapping[str, str]
    left_out: Mapping[str, str]
    trusted: frozenset[str]
    titles: Mapping[str, str]


def make_plan(database: duckdb.DuckDBPyConnection, options: Options) -> Plan:
    """Decide what each column of ``portfolio`` is for."""
    described = database.execute("DESCRIBE portfolio").fetchall()
    kinds = {name: kind.partition("(")[0] for name, kind, *_ in described}
    attributes = {name: kind for name, kind in kinds.items() if name not in OWN}
    segments = _segments(database, attributes, options)
    titles = {name: _title(name) for name in kinds}
    titles.update({name: title for name, (title, _) in segments.items()})
    wanted = list(options.variables) or list(attributes)
    variables: dict[str, str] = {}
    left_out: dict[str, str] = {}
    for name in wanted:
        if name not in kinds:
            left_out[name] = "There is no such column."
        elif (sql := _readable(name, kinds[name])) is None:
            left_out[name] = "It is a date: give the days or years since then as a number instead."
        else:
            variables[name] = sql
    return Plan(attributes, segments, variables, left_out, frozenset(options.variables), titles)


def _readable(name: str, kind: str) -> str | None:
    """Return the SQL that gives a variable as numbers or text; None when it is neither."""
    column = quote(name)
    if kind == "BOOLEAN":
        return f"CASE WHEN {column} THEN 'Yes' WHEN NOT {column} THEN 'No' END AS {column}"
    if kind.removeprefix("U") in _NUMBERS:
        return f"{column}::DOUBLE AS {column}"
    return column if kind == "VARCHAR" else None


def _segments(
    database: duckdb.DuckDBPyConnection, attributes: Mapping[str, str], options: Options
) -> dict[str, tuple[str, list[str]]]:
    if options.segments:
        return {
            each["column"]: (
                each.get("title") or _title(each["column"]),
                _values(database, each["column"], each.get("order") or ()),
            )
            for each in options.segments
        }
    found: dict[str, tuple[str, list[str]]] = {}
    for name, kind in attributes.items():
        if kind in {"VARCHAR", "BOOLEAN"} and len(found) < _MOST_SEGMENTS:
            values = _values(database, name, ())
            if _FEWEST_VALUES <= len(values) <= _MOST_VALUES:
                found[name] = (_title(name), values)
    return found


def _values(
    database: duckdb.DuckDBPyConnection, name: str, order: tuple[str, ...] | list[str]
) -> list[str]:
    """Return a segment's values: in the order that was given, and the others by name."""
    value = f"coalesce(nullif(trim({quote(name)}::VARCHAR), ''), 'Unknown')"
    rows = database.sql(f"SELECT DISTINCT {value} FROM portfolio").fetchall()  # noqa: S608 - a column of the table's own, quoted
    there = [value for (value,) in rows]
    place = {value: position for position, value in enumerate(order)}
    return sorted(there, key=lambda value: (place.get(value, len(place)), value))


def _title(name: str) -> str:
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
