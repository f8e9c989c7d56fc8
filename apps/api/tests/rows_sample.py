"""A table of everything that goes wrong in tables, made the same every time."""

from __future__ import annotations

import random
import struct
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
from rows_reference import open_sample

if TYPE_CHECKING:
    from rows_reference import Row, Sample

    from kyros_api.storage.tenant_data import TenantData

TEXTS = [
    *("", " ", "a", "A", "b", "ä", "\uff41", "Z", "é", "e\u0301", "日本", "🙂", "\U0010ffff"),
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n", "\0", " =1", "\u00a0+1", "\ufeff-1"),
    *("＝1", "＠x", "\u200b=cmd|' /C calc'!A0", "'=1", "'quoted'", 'say "no"', 'a,b;c\td"\r\n"e'),  # noqa: RUF001
    *("x" * 5000, '"' * 200, "1997-01", "007", "1e5", "true", "\\N", "\\", "$limit", "a\u2028b"),
]
COLUMNS = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "whole": "BIGINT",
    "small": "INTEGER",
    "real": "DOUBLE",
    "ratio": "FLOAT",
    "price": "DECIMAL(12,2)",
    "flag": "BOOLEAN",
    "day": "DATE",
    "moment": "TIMESTAMP",
    "tags": "VARCHAR[]",
    "US$price": "DOUBLE",
    'a "quoted" name': "INTEGER",
    "=cmd|' /C calc'!A0": "VARCHAR",
    "größe 🙂": "INTEGER",
    "limit": "INTEGER",
    "select": "VARCHAR",
}
WHOLE = [0, 1, -1, 2**63 - 1, -(2**63), 2**53, 2**53 + 1, 42]
REAL = [0.0, -0.0, 1.5, -1.5, 5e-324, 1.7976931348623157e308, 0.1, 1e22, 123456789.125]
BEYOND = [float("nan"), float("inf"), float("-inf")]
DAYS = [
    date(1, 1, 1),
    date(1969, 12, 31),
    date(2000, 2, 29),
    date(2024, 12, 31),
    date(9999, 12, 31),
]


def make_sample(data: TenantData, rows: int = 160) -> Sample:
    """Write the table below a data folder, and return it."""
    dice = random.Random(1997)  # noqa: S311 - the same every time is what is wanted
    made = [_row(dice, number) for number in range(rows)]
    return write_sample(data, "everything", COLUMNS, made)


def write_sample(
    data: TenantData, version: str, columns: dict[str, str], rows: list[Row]
) -> Sample:
    """Write rows as a version of a table, and return it; its key is ``id``."""
    path = data.root / "sample" / "sample" / version / "rows.parquet"
    path.parent.mkdir(parents=True)
    names = ", ".join('"' + name.replace('"', '""') + f'" {kind}' for name, kind in columns.items())
    with duckdb.connect(":memory:") as database:
        database.execute(f"CREATE TABLE rows ({names})")
        if rows:
            places = ", ".join("?" * len(columns))
            values = [[row[name] for name in columns] for row in rows]
            database.executemany(f"INSERT INTO rows VALUES ({places})", values)
        _make_endless(database, columns, rows)
        database.execute(f"COPY rows TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
    return open_sample(data, path, "id", rows)


def _make_endless(
    database: duckdb.DuckDBPyConnection, columns: dict[str, str], rows: list[Row]
) -> None:
    """Give two rows times that Python has not: for the formats they are missing."""
    for name, row in zip(columns.keys() & {"day", "moment"}, rows, strict=False):
        database.execute(f"UPDATE rows SET {name} = '-infinity' WHERE id = ?", [row["id"]])
        row[name] = None


def _row(dice: random.Random, number: int) -> Row:
    row: Row = {name: _value(dice, kind) for name, kind in COLUMNS.items()}
    return {**row, "id": f"{(number * 7919) % 1000:03}", "small": dice.choice([None, 0, 1, 2])}


def _value(dice: random.Random, kind: str) -> Any:  # noqa: ANN401 - of any column
    if dice.random() < 0.15:
        return None
    choices: dict[str, list[Any]] = {
        "VARCHAR": TEXTS,
        "BIGINT": WHOLE,
        "INTEGER": [0, 1, -7, 2**31 - 1],
        "DOUBLE": REAL + BEYOND,
        "FLOAT": [struct.unpack("f", struct.pack("f", value))[0] for value in (0.1, -2.5)] + BEYOND,
        "DECIMAL(12,2)": [Decimal(value) for value in ("0.00", "1.10", "-3.99", "1234567890.12")],
        "BOOLEAN": [True, False],
        "DATE": DAYS,
        "TIMESTAMP": [
            datetime.combine(day, datetime.min.time())
            + timedelta(microseconds=dice.randrange(9**9))
            for day in DAYS
        ],
        "VARCHAR[]": [[], ["a"], ["b", "c"]],
    }
    return dice.choice(choices[kind])
