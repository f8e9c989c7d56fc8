"""From a file to the input table: read, mapped, checked, and taken over if nothing is wrong."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from kyros_api.administration.errors import AdministrationError
from kyros_api.ingest import checking
from kyros_api.ingest.csv_file import CsvFile
from kyros_api.ingest.errors import RefusedError
from kyros_api.ingest.explaining import refusal
from kyros_api.ingest.mapping import find_attribute, map_columns
from kyros_api.ingest.parquet_file import MAGIC, ParquetFile
from kyros_api.ingest.rules import dialect_of, literal
from kyros_api.modelling.tables import Origin, Work
from kyros_api.storage.tenant_data import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import duckdb

    from kyros_api.ingest.checking import Checked
    from kyros_api.ingest.csv_file import Loaded
    from kyros_api.ingest.mapping import Mapped
    from kyros_api.ingest.reading import Reading
    from kyros_api.modelling.preparation import Options, Preparation

_MOST_PARTS = 50  # values of a segment: more are no parts that anybody compares
_FEWEST_PARTS = 2
_CHOSEN_SEGMENTS = 8
_FEW_PARTS = 12
_TRIED_DATES = (date(1999, 12, 31), date(2001, 2, 3))


@dataclass
class Loading:
    """One file on its way into a database.

    Attributes:
        preparation: of the dashboard that it is for.
        reading: how the file is to be read.
        title: what people shall call the data.
        options: what was said once for all rows; segments as ``{"column", "title"}`` with the
            names that somebody gave.
        progress: told how many bytes were read, and how many there are.
        step: told what begins.
    """

    preparation: Preparation
    reading: Reading
    title: str
    options: Options
    progress: Callable[[int, int], None]
    step: Callable[[str], None]
    form: str = ""
    mapped: Mapped | None = None
    checked: Checked | None = None
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Look at the header, and refuse what cannot go well before anything is begun."""
        self._before = _identity(self.reading.file)
        self._file = _open(self.reading)
        self.form = self._file.describe()
        self.mapped = map_columns(
            self.preparation, self._file.header, self._file.native, self.reading
        )
        self._fields = self.mapped.fields
        self._skip = checking.check_skips(self._fields, self.reading)
        tomorrow = datetime.now(UTC).date() + timedelta(days=1)  # it is later in the east
        self._dialect = dialect_of(self.reading, tomorrow.isoformat())
        self.options = self._named_as_ours(self.options)

    def fill(self, database: duckdb.DuckDBPyConnection, folder: Path, work: Work) -> Work:
        """Make the input table.

        Args:
            database: where it goes.
            folder: for files in between.
            work: what is known before.

        Returns:
            what is known after it: the file's checksum, and the segments.

        Raises:
            RefusedError: the file is refused.
            AdministrationError: a flag does not fit the file.
        """
        _check_date_format(database, self.reading.date_format)
        database.execute(f"SET threads = {os.cpu_count() or 1}")  # nothing is added up here
        self.step("Reading")
        wanted = [found.source for found in self._fields if not found.product]
        loaded = self._file.load(database, wanted, folder, self.progress)
        if _identity(self.reading.file) != self._before:
            raise RefusedError(
                f"{self.reading.file.name} changed while it was read; wait until it is complete "
                "and repeat."
            )
        self.step("Checking")
        self._check(database, loaded)
        self._create(database)
        self._refuse_early_end(database)
        database.execute("SET threads = 1")
        origin = Origin(self.title, self.reading.file.name, loaded.sha256)
        options = replace(self.options, segments=self._segments(database))
        return replace(work, origin=origin, options=options)

    def _check(self, database: duckdb.DuckDBPyConnection, loaded: Loaded) -> None:
        fields, dialect, name = self._fields, self._dialect, self.reading.file.name
        checking.multiply(database, fields, dialect)
        self.checked = checking.check(database, fields, dialect, loaded, self._skip)
        if self.checked.counts:
            raise RefusedError(refusal(database, self.checked, fields, dialect))
        ((rows,),) = database.execute("SELECT count(*) FROM raw").fetchall()
        if not rows:
            why = "all of its rows were skipped" if self.checked.rows else "it has a header only"
            raise RefusedError(f"{name} has no rows to take: {why}.")

    def _create(self, database: duckdb.DuckDBPyConnection) -> None:
        preparation = self.preparation
        columns = checking.columns_sql(database, self._fields, self._dialect)
        ours = {
            column.name: columns.get(column.name) or f"CAST(NULL AS {_SQL_TYPES[column.kind]})"
            for column in preparation.columns
        }
        attributes = {found.name: columns[found.name] for found in self._fields if found.attribute}
        keys = ", ".join(quote(column.name) for column in preparation.columns[:2])
        database.execute(
            f"CREATE TABLE {preparation.table} AS SELECT {checking.named(ours | attributes)}"  # noqa: S608
            f" FROM raw ORDER BY {keys}, line"
        )
        database.execute("DROP TABLE raw")

    def _refuse_early_end(self, database: duckdb.DuckDBPyConnection) -> None:
        dates = [c.name for c in self.preparation.columns if c.kind == "date"]
        if self.options.as_of is None or not dates:
            return
        ((last,),) = database.execute(
            f"SELECT max({quote(dates[0])}) FROM {self.preparation.table}"  # noqa: S608 - ours
        ).fetchall()
        if self.options.as_of < last:
            raise AdministrationError(
                f"--as-of {self.options.as_of} is before the last {dates[0]} of the file, {last}; "
                "name that day or a later one."
            )

    def _named_as_ours(self, options: Options) -> Options:
        mapped, header = self.mapped, self._file.header
        assert mapped is not None  # noqa: S101 - made with the object
        segments = [
            segment | {"column": find_attribute(mapped, header, segment["column"], "--segment")}
            for segment in map(dict[str, Any], options.segments)
        ]
        variables = [
            find_attribute(mapped, header, name, "--variable") for name in options.variables
        ]
        return replace(options, segments=segments, variables=variables)

    def _segments(self, database: duckdb.DuckDBPyConnection) -> Sequence[dict[str, Any]]:
        """Return the segments that were asked for, or else the columns of few values."""
        attributes = [found for found in self._fields if found.attribute]
        if not attributes:
            return []
        counted = ", ".join(f"count(DISTINCT {quote(found.name)})" for found in attributes)
        (counts,) = database.execute(
            f"SELECT {counted} FROM {self.preparation.table}"  # noqa: S608 - quoted
        ).fetchall()
        parts = dict(zip([found.name for found in attributes], counts, strict=True))
        asked = [dict(segment) for segment in self.options.segments]
        for segment in asked:
            if parts[segment["column"]] > _MOST_PARTS:
                raise RefusedError(
                    f"--segment {segment['column']}: it has {parts[segment['column']]:,} different "
                    f"values, and a portfolio is cut into {_MOST_PARTS} at most; put values "
                    "together in the file, or choose another column."
                )
        if asked:
            return asked
        few = [name for name in parts if _FEWEST_PARTS <= parts[name] <= _FEW_PARTS]
        chosen = few[:_CHOSEN_SEGMENTS]
        if chosen:
            self.notes.append(f"Segments, as nobody named any: {', '.join(chosen)}")
        return [{"column": name, "title": as_title(name)} for name in chosen]


_SQL_TYPES = {
    "text": "VARCHAR",
    "date": "DATE",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
}


def as_title(name: str) -> str:
    """Return a column's name as a heading: ``credit_limit`` is "Credit limit"."""
    words = re.sub(r"[\W_]+", " ", name).strip() or name
    return words[:1].upper() + words[1:]


def _open(reading: Reading) -> CsvFile | ParquetFile:
    with reading.file.open("rb") as file:
        is_parquet = file.read(len(MAGIC)) == MAGIC
    if is_parquet:
        return ParquetFile(reading)
    if reading.file.suffix.lower() in {".parquet", ".pq"} and reading.file.stat().st_size:
        raise RefusedError(
            f"{reading.file.name} is called Parquet and is none; give it its right name or write "
            "it anew."
        )
    return CsvFile(reading)


def _identity(file: Path) -> tuple[int, int, int]:
    state = file.stat()
    return state.st_ino, state.st_size, state.st_mtime_ns


def _check_date_format(database: duckdb.DuckDBPyConnection, written: str | None) -> None:
    """Make sure that a format tells a day: what it writes, it must read again.

    Raises:
        AdministrationError: it does not.
    """
    import duckdb  # noqa: PLC0415 - for its errors

    if written is None:
        return
    try:
        for tried in _TRIED_DATES:
            ((read,),) = database.execute(
                f"SELECT strptime(strftime(DATE '{tried}', {literal(written)}),"
                f" {literal(written)})::DATE"
            ).fetchall()
            if read != tried:
                raise AdministrationError(
                    f"--date-format {written!r} does not tell year, month and day; write it like "
                    "'%d/%m/%Y'."
                )
    except duckdb.Error as error:
        raise AdministrationError(
            f"--date-format {written!r} is no format ({str(error).partition(chr(10))[0]}); write "
            "it like '%d/%m/%Y'."
        ) from error
