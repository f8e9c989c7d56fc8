"""What a caller may choose of a view: checked, and turned into values that the SQL binds.

The kinds of parameters are described in :mod:`kyros_api.dashboards.catalogue.specification`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from kyros_api.dashboards.catalogue.specification import (
    Choice,
    Number,
    OneOf,
    Part,
    Segment,
    Text,
)
from kyros_api.errors import BadRequestError
from kyros_api.storage.tenant_data import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kyros_api.dashboards.access import DashboardAccess
    from kyros_api.dashboards.catalogue.specification import Parameter, View

# As JSON writes numbers: Python's float() also takes "1_0", " 1" and "nan".
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_SEGMENTS = """
    SELECT "column", value FROM read_parquet($segments) ORDER BY position, value_position
"""


class Chosen(NamedTuple):
    """What a caller chose, for the SQL.

    Attributes:
        values: what it binds, by name.
        phrases: what stands for ``{name}`` in its text: columns of the data, quoted, and texts of
            the catalogue.
    """

    values: dict[str, object]
    phrases: dict[str, str]

    def apply(self, sql: str) -> str:
        """Put the phrases where they belong."""
        for name, phrase in self.phrases.items():
            sql = sql.replace(f"{{{name}}}", phrase)
        return sql


def choose(access: DashboardAccess, view: View, given: Mapping[str, str]) -> Chosen:
    """Check the parameters of a view.

    Args:
        access: the dashboard, opened for the verified tenant.
        view: whose parameters these are.
        given: what the caller says.

    Raises:
        BadRequestError: a parameter or its value is not one of those allowed, which are named.
    """
    unknown = sorted(given.keys() - view.parameters.keys())
    if unknown:
        raise _refusal(f"Unknown parameter {unknown[0][:64]!r}.", allowed=sorted(view.parameters))
    chosen = Chosen({}, {})
    for name, parameter in view.parameters.items():
        _take(chosen, access, name, parameter, given.get(name))
    for name, place in view.settings.items():
        chosen.values[name] = setting_of(access.config, place)
    for name, either in view.phrases.items():
        ((answer,),) = access.folder.look_up(either.question, chosen.values)
        chosen.phrases[name] = either.yes if answer else either.no
    return chosen


def _take(
    chosen: Chosen, access: DashboardAccess, name: str, parameter: Parameter, value: str | None
) -> None:
    match parameter:
        case Choice():
            chosen.values[name] = _choice(access, parameter, name, value)
        case OneOf():
            chosen.values[name] = _one_of(parameter, name, value)
        case Number():
            chosen.values[name] = _number(parameter, name, value)
        case Text():
            chosen.values[name] = _text(parameter, name, value)
        case Segment():
            column = _segment(access, name, value)
            chosen.values[name], chosen.phrases[name] = column, quote(column)
        case Part():
            _part(chosen, access, name, value)


def _choice(access: DashboardAccess, parameter: Choice, name: str, value: str | None) -> str | None:
    if value is None:
        return None
    allowed = [row[0] for row in access.folder.look_up(parameter.choices)]
    return _among(name, value, allowed)


def _one_of(parameter: OneOf, name: str, value: str | None) -> str | int | None:
    if value is None:
        return parameter.default
    by_text = {str(allowed): allowed for allowed in parameter.values}
    return by_text[_among(name, value, list(by_text))]


def _number(parameter: Number, name: str, value: str | None) -> float | None:
    if value is None:
        return parameter.default
    number = float(value) if _NUMBER.fullmatch(value) else None
    if number is None or not parameter.minimum <= number <= parameter.maximum:
        raise _refusal(
            f"Parameter {name!r} must be a number from {parameter.minimum:g} to "
            f"{parameter.maximum:g}.",
            minimum=parameter.minimum,
            maximum=parameter.maximum,
        )
    return number


def _text(parameter: Text, name: str, value: str | None) -> str:
    if not value or len(value) > parameter.longest:
        raise _refusal(
            f"Parameter {name!r} must be a text of 1 to {parameter.longest} characters.",
            maximum_length=parameter.longest,
        )
    return value


def _segment(access: DashboardAccess, name: str, value: str | None) -> str:
    columns = list(_segments(access))
    if value is None and columns:
        return columns[0]
    return _among(name, value or "", columns)


def _part(chosen: Chosen, access: DashboardAccess, name: str, value: str | None) -> None:
    if value is None:
        chosen.values[name], chosen.phrases[name] = None, "true"
        return
    column, _, part = value.partition(":")
    segments = _segments(access)
    _among(name, column, list(segments))
    _among(name, part, segments[column])
    chosen.values[name] = part
    chosen.phrases[name] = f"{quote(column)} = ${name}"


def _segments(access: DashboardAccess) -> dict[str, list[str]]:
    """Return the values of each column by which the data can be cut."""
    segments: dict[str, list[str]] = {}
    for column, value in access.folder.look_up(_SEGMENTS):
        segments.setdefault(column, []).append(value)
    return segments


def setting_of(config: Mapping[str, Any], place: str) -> object:
    """Return what stands at ``outer.inner`` of a dashboard's configuration."""
    found: Any = config
    for part in place.split("."):
        found = found[part]
    return found


def _among(name: str, value: str, allowed: list[str]) -> str:
    if value not in allowed:
        raise _refusal(f"Parameter {name!r} has no such value.", allowed=allowed)
    return value


def _refusal(message: str, **details: object) -> BadRequestError:
    return BadRequestError("INVALID_REQUEST", message, details)
