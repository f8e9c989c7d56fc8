"""Rows as plain Python filters, sorts and pages them: what the API's answers are held against.

Nothing here is SQL: it is the description of ``RowQuery`` once more, in another language. A sample
is a table that is both a Parquet file for the API and a list of rows for this module.
"""

from __future__ import annotations

import math
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb

from kyros_api.dashboards.access import DashboardAccess
from kyros_api.dashboards.cache import Subject
from kyros_api.dashboards.catalogue.specification import DashboardData

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from kyros_api.storage.tenant_data import TenantData

Row = dict[str, Any]
TEXT, WHOLE, NUMBER, TRUTH, DAY, MOMENT = "text", "whole", "number", "truth", "day", "moment"
KINDS = {
    "VARCHAR": TEXT,
    "VARCHAR[]": TEXT,
    "INTEGER": WHOLE,
    "BIGINT": WHOLE,
    "FLOAT": NUMBER,
    "DOUBLE": NUMBER,
    "DECIMAL(12,2)": NUMBER,
    "BOOLEAN": TRUTH,
    "DATE": DAY,
    "TIMESTAMP": MOMENT,
}


class Sample:
    """A table.

    No data class: Hypothesis would print all of its rows beside an example that fails.

    Args:
        dashboard: that has it for its rows.
        kinds: of its columns.
        key: the column that identifies a row.
        rows: as every format says them.
    """

    def __init__(
        self, dashboard: DashboardAccess, kinds: dict[str, str], key: str, rows: list[Row]
    ) -> None:
        self.dashboard = dashboard
        self.kinds = kinds
        self.key = key
        self.rows = rows


def open_sample(data: TenantData, path: Path, key: str, rows: list[Row] | None = None) -> Sample:
    """Return the sample of a Parquet file below a data folder.

    Args:
        data: that reads the file for the API.
        path: ``<tenant>/<dashboard>/<version>/<table>.parquet`` below its root.
        key: the column that identifies a row.
        rows: what the file holds, when it is known; otherwise it is read without the API.
    """
    with duckdb.connect(":memory:") as database:
        cursor = database.execute("SELECT * FROM read_parquet(?)", [str(path)])
        kinds = {column[0]: KINDS[str(column[1])] for column in cursor.description or ()}
        if rows is None:
            rows = [dict(zip(kinds, row, strict=True)) for row in cursor.fetchall()]
    tenant, slug, version, _ = path.relative_to(data.root).parts
    specification = DashboardData(slug, slug, slug, {}, path.stem, key, {}, (path.stem,))
    subject = Subject(tenant, slug, version, "")
    dashboard = DashboardAccess(slug, specification, subject, data)
    said = [{name: _said(value) for name, value in row.items()} for row in rows]
    return Sample(dashboard, kinds, key, said)


def _said(value: Any) -> Any:  # noqa: ANN401 - a value of any column
    """Return a value as the formats say it: not finite is missing, a list is text."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list):
        return f"[{', '.join(value)}]"
    return value


def answer(sample: Sample, query: dict[str, Any]) -> tuple[int, list[Row]]:
    """Return how many rows match, and the page that is wanted.

    Args:
        sample: the table.
        query: ``filters`` as an object, ``columns`` as a list, ``sort`` as pairs of a column and
            whether descending, ``limit`` and ``offset``.
    """
    found = [row for row in sample.rows if _matches(row, query["filters"], sample.kinds)]
    found.sort(key=lambda row: row[sample.key])
    for column, descending in reversed(query["sort"]):
        present = [row for row in found if row[column] is not None]
        missing = [row for row in found if row[column] is None]
        # Python keeps the order of equal rows, also in reverse.
        present.sort(key=lambda row: row[column], reverse=descending)
        found = present + missing
    page = found[query["offset"] : query["offset"] + query["limit"]]
    columns = query["columns"] or list(sample.kinds)
    return len(found), [{name: row[name] for name in columns} for row in page]


def _matches(row: Row, filters: dict[str, Any], kinds: dict[str, str]) -> bool:
    return all(_fulfils(row[name], wanted, kinds[name]) for name, wanted in filters.items())


def _fulfils(value: Any, wanted: Any, kind: str) -> bool:  # noqa: ANN401
    if isinstance(wanted, list):
        return any(_equals(value, item, kind) for item in wanted)
    if isinstance(wanted, dict):
        return all(_compares(value, name, operand, kind) for name, operand in wanted.items())
    return _equals(value, wanted, kind)


def _equals(value: Any, wanted: Any, kind: str) -> bool:  # noqa: ANN401
    if value is None or wanted is None:
        return value is wanted
    return bool(_comparable(value) == meant(wanted, kind))


def _compares(value: Any, operator: str, operand: Any, kind: str) -> bool:  # noqa: ANN401
    if operator == "ne":
        return not _equals(value, operand, kind)
    if value is None:
        return False
    if operator == "contains":
        return _lower(operand) in _lower(value)
    left, right = _comparable(value), meant(operand, kind)
    return bool(
        {"gte": left >= right, "lte": left <= right, "gt": left > right, "lt": left < right}[
            operator
        ]
    )


def _lower(text: str) -> str:
    """Make letters small one by one, as DuckDB does; Python makes two of the Turkish dotted I."""
    return "".join(letter.lower()[0] for letter in text)


def _comparable(value: Any) -> Any:  # noqa: ANN401
    return float(value) if isinstance(value, Decimal) else value


def meant(wanted: Any, kind: str) -> Any:  # noqa: ANN401
    """Return the value that a text or number of JSON or CSV stands for in a column of a kind."""
    readers: dict[str, Callable[[Any], Any]] = {
        TEXT: str,
        WHOLE: int,
        NUMBER: float,
        TRUTH: bool,
        DAY: date.fromisoformat,
        MOMENT: _moment,
    }
    return readers[kind](wanted)


def _moment(text: str) -> datetime:
    if text[10] != "T":  # Python reads it without, other languages do not
        raise ValueError(text)
    return datetime.fromisoformat(text)


def to_json(value: Any) -> Any:  # noqa: ANN401
    """Return a value of a row as a caller writes it into a filter."""
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    return _comparable(value)


def harmless(text: str) -> str:
    """Return text as it stands in CSV: no spreadsheet takes it for a formula."""
    return "'" + text if is_formula(text) else text


def is_formula(text: str) -> bool:
    """Say whether a spreadsheet may take a cell for a formula."""
    seen = text.lstrip("".join(_unseen(text)))
    return seen[:1] in set("=+-@＝＋－＠") or text[:1] in set("\t\r\n\0")  # noqa: RUF001


def _unseen(text: str) -> Iterable[str]:
    return {char for char in text if unicodedata.category(char) in {"Cc", "Cf", "Zs", "Zl", "Zp"}}
