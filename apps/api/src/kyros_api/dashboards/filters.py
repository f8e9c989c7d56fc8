"""Filters on rows: a JSON object of a caller, checked against a table, as SQL with bound values.

The meaning of every filter is in the description of :class:`kyros_api.dashboards.schemas.RowQuery`.
"""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from kyros_api.errors import BadRequestError
from kyros_api.storage.tenant_data import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_RANGES = {"gte": ">=", "lte": "<=", "gt": ">", "lt": "<"}
_OPERATORS = [*_RANGES, "ne", "contains"]


class Condition(NamedTuple):
    """A condition, and the values that it binds by name."""

    sql: str
    values: dict[str, object]


def read_filters(text: str, columns: Mapping[str, str]) -> Condition:
    """Return what a row must fulfil; ``true`` without filters.

    Args:
        text: of the caller.
        columns: DuckDB's type of each, by name.

    Raises:
        BadRequestError: it is not of the form, or a name or a value is not one of those allowed.
    """
    values: dict[str, object] = {}
    conditions = [
        condition
        for column, wanted in _parse(text).items()
        for condition in _conditions(
            _Column(known(column, columns), columns[column], values), wanted
        )
    ]
    return Condition(" AND ".join(conditions) or "true", values)


def known(column: str, columns: Mapping[str, str]) -> str:
    """Return the column if there is one of this name.

    Raises:
        BadRequestError: there is none; the details name those that there are.
    """
    if column not in columns:
        raise _refusal(f"There is no column {column[:64]!r}.", list(columns))
    return column


class _Column:
    """A column that is filtered: it checks values and binds them."""

    def __init__(self, name: str, kind: str, values: dict[str, object]) -> None:
        self.name = name
        self.sql = quote(name)
        self._wanted, self._read = READERS.get(kind.partition("(")[0], READERS["VARCHAR"])
        self.is_text = self._read is _text
        self._values = values

    def bind(self, value: object) -> str:
        parameter = f"value_{len(self._values)}"
        try:
            self._values[parameter] = self._read(value)
        except (TypeError, ValueError, OverflowError) as error:
            message = f"A value for column {self.name[:64]!r} must be {self._wanted}."
            raise BadRequestError("INVALID_REQUEST", message, {"column": self.name}) from error
        return f"${parameter}"


def _conditions(column: _Column, wanted: object) -> list[str]:
    if isinstance(wanted, list):
        return [_one_of(column, wanted)]
    if not isinstance(wanted, dict):
        return [_one_of(column, [wanted])]
    if not wanted:
        raise _refusal(f"The filter on {column.name[:64]!r} is empty.", _OPERATORS)
    return [_compare(column, operator, value) for operator, value in wanted.items()]


def _one_of(column: _Column, wanted: list[object]) -> str:
    bound = [column.bind(value) for value in wanted if value is not None]
    alternatives = [f"{column.sql} IN ({', '.join(bound)})"] if bound else []
    if None in wanted:
        alternatives.append(f"{column.sql} IS NULL")
    return f"({' OR '.join(alternatives) or 'false'})"


def _compare(column: _Column, operator: str, value: object) -> str:
    if operator == "ne":
        # All rows but those that equality finds: the ones without a value as well.
        return f"{column.sql} IS DISTINCT FROM {'NULL' if value is None else column.bind(value)}"
    if operator == "contains":
        if not column.is_text:
            numbers = [name for name in _OPERATORS if name != "contains"]
            raise _refusal(f"Column {column.name[:64]!r} holds no text to search.", numbers)
        return f"contains(lower({column.sql}), lower({column.bind(value)}))"
    if operator not in _RANGES:
        raise _refusal(f"There is no filter {operator[:64]!r}.", _OPERATORS)
    return f"{column.sql} {_RANGES[operator]} {column.bind(value)}"


def _parse(text: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        parsed = json.loads(text, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise BadRequestError("INVALID_REQUEST", "`filters` is not JSON.") from error
    if not isinstance(parsed, dict):
        raise BadRequestError("INVALID_REQUEST", "`filters` must be a JSON object.")
    return parsed


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) < len(pairs):
        raise BadRequestError("INVALID_REQUEST", "`filters` has a name twice in one object.")
    return names


def _refusal(message: str, allowed: list[str]) -> BadRequestError:
    return BadRequestError("INVALID_REQUEST", message, {"allowed": allowed})


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    value.encode()  # half a surrogate pair is no text: UnicodeEncodeError, a ValueError
    return value


def _number(value: object) -> float:
    # True is not the number 1; what is too big for a float is an OverflowError or infinite.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    if not math.isfinite(number := float(value)):
        raise ValueError
    return number


def _whole(value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    if not -_TWO_TO_63 <= value < _TWO_TO_63:
        raise ValueError
    return value


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _date(value: object) -> date:
    parsed = date.fromisoformat(_text(value))
    if parsed.isoformat() != value:  # 20240101 and 2024-W01-1 are ISO 8601 as well
        raise ValueError
    return parsed


def _moment(value: object) -> datetime:
    parsed = datetime.fromisoformat(_text(value))
    if parsed.tzinfo is not None:
        raise ValueError
    return parsed


_TWO_TO_63 = 2**63
_WHOLE = ("a whole number of 64 bits", _whole)
_NUMBER = ("a number", _number)
# What a value must be, and how it is read, by the type of the column. Columns of any other type are
# read as text.
READERS: dict[str, tuple[str, Callable[[object], object]]] = {
    "VARCHAR": ("a string", _text),
    "BOOLEAN": ("true or false", _boolean),
    "DATE": ("a date, YYYY-MM-DD", _date),
    "TIMESTAMP": ("a time, YYYY-MM-DDThh:mm:ss", _moment),
    "DECIMAL": _NUMBER,
    "DOUBLE": _NUMBER,
    "FLOAT": _NUMBER,
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT"), _WHOLE),
    **dict.fromkeys(("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"), _WHOLE),
}
