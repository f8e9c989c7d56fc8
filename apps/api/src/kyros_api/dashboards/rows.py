"""Rows of a dashboard: filtered, sorted, paged, with bound values only.

Every format says the same. What is missing is NULL, and so is a number or date that is not finite.
Columns of types that not all formats have (lists, times of day, ...) are text in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kyros_api.dashboards.filters import READERS, known, read_filters
from kyros_api.dashboards.formats.negotiation import Format
from kyros_api.dashboards.parameters import setting_of
from kyros_api.errors import BadRequestError
from kyros_api.storage.tenant_data import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kyros_api.dashboards.access import DashboardAccess
    from kyros_api.dashboards.catalogue.specification import Derived
    from kyros_api.dashboards.schemas import RowQuery
    from kyros_api.storage.tenant_data import TenantFolder

_ENDLESS = {"DOUBLE", "DATE", "TIMESTAMP"}  # types that have infinity, or NaN


@dataclass(frozen=True)
class RowPlan:
    """A question about rows in which every name and value is checked.

    Attributes:
        tenant_id: whose rows.
        dashboard_slug: of which dashboard.
        folder: where they are.
        columns: DuckDB's type of each that is wanted, by name, in the order wanted.
        matching: the SQL of all rows that match, with all their columns.
        order: the SQL of a complete order of them.
        values: what the SQL binds.
        limit: how many rows the page has at most.
        offset: how many of the rows come before it.
        known_total: how many match, when that is known without counting.
    """

    tenant_id: str
    dashboard_slug: str
    folder: TenantFolder
    columns: Mapping[str, str]
    matching: str
    order: str
    values: Mapping[str, object]
    limit: int
    offset: int
    known_total: int | None

    @property
    def page(self) -> str:
        """The SQL of the page that is wanted."""
        columns = ", ".join(map(quote, self.columns))
        return f"SELECT {columns} {self.matching} ORDER BY {self.order} LIMIT $limit OFFSET $offset"

    def total(self, on_page: int | None = None) -> int:
        """Return how many rows match.

        Args:
            on_page: how many the page has, when that is known: the last page tells the total.
        """
        if self.known_total is not None:
            return self.known_total
        if on_page is not None and on_page < self.limit and (on_page or not self.offset):
            return self.offset + on_page
        return int(self.folder.query(f"SELECT count(*) {self.matching}", self.values).rows[0][0])


def plan_rows(access: DashboardAccess, query: RowQuery, form: Format) -> RowPlan:
    """Check what is asked, and say how to answer it.

    Raises:
        BadRequestError: a column, filter or value is not one of those allowed, which are named, or
            the format does not hold as many rows.
    """
    _check_limit(query.limit, form)
    name, key = access.specification.rows_table, access.specification.key
    table = access.folder.describe(name)
    derived = access.specification.derived
    kept = {
        column: _shared_type(kind)
        for column, kind in table.columns.items()
        if column not in derived
    }
    types = kept | {column: one.kind for column, one in derived.items()}
    settings = {
        setting: setting_of(access.config, place)
        for one in derived.values()
        for setting, place in one.settings.items()
    }
    condition = read_filters(query.filters, types)
    columns = _checked(_split(query.columns), "columns", types) or kept
    return RowPlan(
        tenant_id=access.tenant_id,
        dashboard_slug=access.slug,
        folder=access.folder,
        columns={column: types[column] for column in columns},
        matching=f"FROM ({_source(name, kept, derived)}) WHERE {condition.sql}",
        order=_order(query.sort, key, types),
        values={**settings, **condition.values, "limit": query.limit, "offset": query.offset},
        limit=query.limit,
        offset=query.offset,
        known_total=table.rows if condition.sql == "true" else None,
    )


def _check_limit(limit: int, form: Format) -> None:
    if limit > form.maximum_rows:
        larger = sorted(item.media_type for item in Format if limit <= item.maximum_rows)
        raise BadRequestError(
            "INVALID_REQUEST",
            f"{form.media_type} holds at most {form.maximum_rows} rows: ask for pages by `limit` "
            f"and `offset`, or for {' or '.join(larger)} by `Accept`.",
            {"maximum": form.maximum_rows, "formats": larger},
        )


def _shared_type(kind: str) -> str:
    """Return the type that a column has in all formats."""
    if kind == "FLOAT":
        return "DOUBLE"  # JSON and CSV would write different digits of it
    return kind if kind.partition("(")[0] in READERS else "VARCHAR"


def _source(table: str, types: Mapping[str, str], derived: Mapping[str, Derived]) -> str:
    columns = list(map(_as_shared, types, types.values()))
    columns += [f"({one.sql})::{one.kind} AS {quote(name)}" for name, one in derived.items()]
    return f"SELECT {', '.join(columns)} FROM read_parquet(${table})"  # noqa: S608 - names are quoted


def _as_shared(name: str, kind: str) -> str:
    column = quote(name)
    value = f"CASE WHEN isfinite({column}) THEN {column} END" if kind in _ENDLESS else column
    return f"{value}::{kind} AS {column}"


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")] if names.strip() else []


def _checked(names: list[str], parameter: str, types: Mapping[str, str]) -> list[str]:
    """Return the names if each is a column's and stands there once."""
    for name in names:
        if names.count(known(name, types)) > 1:
            message = f"`{parameter}` names column {name[:64]!r} twice."
            raise BadRequestError("INVALID_REQUEST", message)
    return names


def _order(sort: str, key: str, types: Mapping[str, str]) -> str:
    """Return an order in which no two rows are equal, so that pages meet."""
    wanted = _split(sort)
    names = _checked([item.removeprefix("-") for item in wanted], "sort", types)
    directions = ["DESC" if item.startswith("-") else "ASC" for item in wanted]
    order = {key: "ASC"} | dict(zip(names, directions, strict=True))
    by = [*names, *order.keys() - names]
    return ", ".join(f"{quote(name)} {order[name]} NULLS LAST" for name in by)
