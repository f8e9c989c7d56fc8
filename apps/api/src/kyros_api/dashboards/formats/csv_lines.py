"""Rows as CSV by RFC 4180: text is quoted, numbers are not, what is missing is empty.

A spreadsheet runs text that begins like a formula. Such text gets an apostrophe in front, as OWASP
advises (https://owasp.org/www-community/attacks/CSV_Injection). Numbers stay numbers: no negative
one is a formula. DuckDB writes the lines: Python's writer takes four times as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kyros_api.dashboards.formats.json_body import value

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from kyros_api.dashboards.rows import RowPlan
    from kyros_api.storage.tenant_data import Reader

# What spreadsheets take for the beginning of a formula, in full width as well, also after blanks
# and what cannot be seen; and the control characters that they skip.
_FORMULA = r"^(?:[\s\pZ\pC]*[=+\-@＝＋－＠]|[\t\r\n\x00])"  # noqa: RUF001 - these are meant
_ROWS_A_CHUNK = 8192


def csv_chunks(plan: RowPlan, reader: Reader) -> Generator[bytes]:
    """Yield the header, then the lines of some thousand rows at a time."""
    names = {f"name_{index}": name for index, name in enumerate(plan.columns)}
    header = f"SELECT {_line(_text(f'${parameter}') for parameter in names)}"
    lines = _line(_cell(name, kind) for name, kind in plan.columns.items())
    body = f"SELECT {lines} FROM ({plan.page})"  # noqa: S608 - names are quoted
    for sql, values in ((header, names), (body, plan.values)):
        for rows in reader.batches(sql, {**values, "formula": _FORMULA}, _ROWS_A_CHUNK):
            yield "".join([row[0] for row in rows]).encode()


def _line(cells: Iterable[str]) -> str:
    line = ", ',', ".join(cells)
    # An empty line would be no row at all: what is missing in a single column is empty text.
    return f"""coalesce(nullif(concat({line}), ''), '""') || chr(13) || chr(10)"""


def _cell(name: str, kind: str) -> str:
    """Return the SQL of a cell; concat takes NULL for empty."""
    return _text(value(name, kind)) if kind == "VARCHAR" else f"{value(name, kind)}::VARCHAR"


def _text(sql: str) -> str:
    harmless = f"regexp_replace({sql}, $formula, '''\\0')"
    return f"""('"' || replace({harmless}, '"', '""') || '"')"""
