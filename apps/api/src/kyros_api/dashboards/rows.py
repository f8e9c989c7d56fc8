"""Rows of a dashboard: filtered, sorted, paged, with bound values only."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import TYPE_CHECKING

from kyros_api.dashboards.views import quote
from kyros_api.errors import BadRequestError
from kyros_api.storage.tenant_data import Result, columns_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from kyros_api.dashboards.access import DashboardAccess
    from kyros_api.dashboards.schemas import RowQuery

_OPERATORS = {"gte": ">=", "lte": "<=", "gt": ">", "lt": "<", "ne": "<>"}


def read_rows(access: DashboardAccess, query: RowQuery) -> tuple[int, Result]:
    """Return how many rows match, and one page of them.

    Raises:
        BadRequestError: a column, filter or value is not one of those allowed, which are named.
    """
    table, key = access.specification.rows_table, access.specification.key
    types = dict(columns_of(access.folder, table))
    where, values = _where(query.filters, types)
    columns = ", ".join(quote(_known(name, types)) for name in _split(query.columns) or types)
    order = ", ".join([*_order(query.sort, types), quote(key)])
    source = f"FROM read_parquet(${table}) WHERE {where}"
    count = access.folder.query(f"SELECT count(*) {source}", values)
    page = access.folder.query(
        f"SELECT {columns} {source} ORDER BY {order} LIMIT $limit OFFSET $offset",
        {**values, "limit": query.limit, "offset": query.offset},
    )
    return count.rows[0][0], page


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _known(name: str, types: dict[str, str]) -> str:
    if name not in types:
        message = f"There is no column {name[:64]!r}."
        raise BadRequestError("INVALID_REQUEST", message, {"allowed": list(types)})
    return name


def _order(sort: str, types: dict[str, str]) -> list[str]:
    return [
        quote(_known(name.removeprefix("-"), types)) + (" DESC" if name.startswith("-") else "")
        for name in _split(sort)
    ]


def _where(filters: str, types: dict[str, str]) -> tuple[str, dict[str, object]]:
    conditions: list[str] = []
    values: dict[str, object] = {}

    def bind(column: str, value: object) -> str:
        name = f"value_{len(values)}"
        values[name] = _checked(column, value, types)
        return f"${name}"

    for column, wanted in _parse(filters).items():
        quoted = quote(_known(column, types))
        if isinstance(wanted, list):
            inside = ", ".join(bind(column, value) for value in wanted)
            conditions.append(f"{quoted} IN ({inside})" if wanted else "false")
        elif isinstance(wanted, dict):
            conditions += [
                f"{quoted} {_operator(name)} {bind(column, value)}"
                for name, value in wanted.items()
            ]
        else:
            conditions.append(f"{quoted} = {bind(column, wanted)}")
    return " AND ".join(conditions) or "true", values


def _parse(filters: str) -> dict[str, object]:
    try:
        parsed = json.loads(filters or "{}")
    except (ValueError, RecursionError) as error:
        raise BadRequestError("INVALID_REQUEST", "`filters` is not JSON.") from error
    if not isinstance(parsed, dict):
        raise BadRequestError("INVALID_REQUEST", "`filters` must be a JSON object.")
    return parsed


def _operator(name: str) -> str:
    if name not in _OPERATORS:
        message = f"There is no filter {name[:64]!r}."
        raise BadRequestError("INVALID_REQUEST", message, {"allowed": list(_OPERATORS)})
    return _OPERATORS[name]


def _checked(column: str, value: object, types: dict[str, str]) -> object:
    """Return the value if it is of the column's kind, as the database takes it."""
    kind = types[column]
    try:
        return _READERS[kind](value)
    except (TypeError, ValueError) as error:
        message = f"The value for column {column!r} must be a {_KINDS[kind]}."
        raise BadRequestError("INVALID_REQUEST", message, {"column": column}) from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    value.encode()  # half a surrogate pair is no text: UnicodeEncodeError, a ValueError
    return value


def _number(value: object) -> int | float:
    # True is not the number 1; what is not finite or beyond 64 bits the columns cannot hold.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    if isinstance(value, int) and abs(value) >= _TWO_TO_63:
        raise ValueError
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError
    return value


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _date(value: object) -> date:
    return date.fromisoformat(_text(value))


_TWO_TO_63 = 2**63
_READERS: dict[str, Callable[[object], object]] = {
    "VARCHAR": _text,
    "BOOLEAN": _boolean,
    "INTEGER": _number,
    "BIGINT": _number,
    "DOUBLE": _number,
    "DATE": _date,
}
_KINDS = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "INTEGER": "number",
    "BIGINT": "number",
    "DOUBLE": "number",
    "DATE": "date, YYYY-MM-DD",
}
