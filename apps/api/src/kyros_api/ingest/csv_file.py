"""A CSV file: its encoding, delimiter and header found out, its rows read strictly.

Python's own reader knows the line that each row begins in, also after a line break within quotes.
The rows go to DuckDB by way of a file of one known form, so that nothing is guessed twice.
"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
from typing import TYPE_CHECKING, NamedTuple

from kyros_api.ingest.errors import RefusedError
from kyros_api.ingest.reading import DELIMITERS
from kyros_api.ingest.rules import tidied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import duckdb

    from kyros_api.ingest.reading import Reading


_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SAMPLE = 1 << 16  # characters from which the delimiter is found out
_PIECE = 1 << 20
_KEPT = 10  # rows of a wrong length that are remembered; the others are counted


class Loaded(NamedTuple):
    """What came of reading a file.

    Attributes:
        file: its name.
        place: what a row's number counts.
        sha256: of its bytes.
        uneven: line, and number of fields, of the first rows that are not as long as the header.
        uneven_count: how many there are.
    """

    file: str
    place: str
    sha256: str
    uneven: list[tuple[int, int]]
    uneven_count: int


class CsvFile:
    """An open question: what a file's header says, and then its rows.

    Raises:
        RefusedError: it cannot be read as text with a header.
    """

    def __init__(self, reading: Reading) -> None:
        self._path = reading.file
        self._reading = reading
        self._encoding = reading.encoding or _sniff_encoding(self._path)
        sample = self._sample()
        if not sample.strip("\ufeff \t\r\n"):
            raise RefusedError(f"{self._path.name} is empty; it needs a header and rows.")
        self.delimiter = reading.delimiter or _sniff_delimiter(sample)
        try:
            self.header = next(row for row in _rows(io.StringIO(sample), self.delimiter) if row)
        except (csv.Error, StopIteration) as error:
            raise RefusedError(
                f"The header of {self._path.name} cannot be read as CSV ({error})."
            ) from error
        self.header = [name.strip().strip("\ufeff") for name in self.header]
        self.native: list[str | None] = [None] * len(self.header)

    def describe(self) -> str:
        """Say in which form the file was read."""
        return f"CSV, {self._encoding}, {DELIMITERS[self.delimiter]} between fields"

    def load(
        self,
        database: duckdb.DuckDBPyConnection,
        wanted: Sequence[int],
        folder: Path,
        progress: Callable[[int, int], None],
    ) -> Loaded:
        """Make the table ``raw``: ``line``, and a text ``c0``, ``c1`` … for each wanted column.

        Args:
            database: where the table goes.
            wanted: positions in the header.
            folder: for a file in between.
            progress: told how many bytes were read, and how many there are.

        Raises:
            RefusedError: it is not the text that it seemed to be.
        """
        even = folder / "even.csv"
        with self._path.open("rb") as file:
            bytes_in = _Hashing(file, progress, self._path.stat().st_size)
            text = io.TextIOWrapper(io.BufferedReader(bytes_in, _PIECE), self._encoding, newline="")
            uneven = _Uneven(len(self.header))
            try:
                with even.open("w", encoding="utf-8", newline="") as out:
                    csv.writer(out).writerows(self._numbered(text, wanted, uneven))
            except UnicodeDecodeError as error:
                raise RefusedError(self._not_text(error)) from error
        columns = {"line": "BIGINT"} | {f"c{i}": "VARCHAR" for i in range(len(wanted))}
        texts = ", ".join(
            f"{tidied(name, self._reading)} AS {name}" for name in columns if name != "line"
        )
        database.execute(
            f"CREATE TABLE raw AS SELECT line, {texts}"  # noqa: S608 - made here
            f" FROM read_csv($file, columns = {columns!r}, header = false,"
            " auto_detect = false, delim = ',', quote = '\"', escape = '\"', parallel = false,"
            " max_line_size = 16000000)",
            {"file": str(even)},
        )
        even.unlink()
        return Loaded(
            self._path.name, "line", bytes_in.digest.hexdigest(), uneven.first, uneven.count
        )

    def _sample(self) -> str:
        try:
            with self._path.open(encoding=self._encoding, newline="") as file:
                text = file.read(_SAMPLE)
        except UnicodeError as error:
            raise RefusedError(self._not_text(error)) from error
        if "\0" in text:
            raise RefusedError(
                f"{self._path.name} is neither CSV nor Parquet: it holds bytes that no text has."
            )
        # Without a line that is cut off, unless it is all there is.
        return text if len(text) < _SAMPLE else text[: text.rfind("\n") + 1] or text

    def _numbered(
        self, text: Iterable[str], wanted: Sequence[int], uneven: _Uneven
    ) -> Iterator[list[str | int]]:
        """Yield the line that each row begins in, and its wanted fields."""
        rows = csv.reader(_without_nul(text), delimiter=self.delimiter, strict=True)
        line = 1
        try:
            while not next(rows):  # blank lines before the header
                pass
            line = rows.line_num + 1
            for row in rows:
                if len(row) == uneven.expected:
                    yield [line, *(row[position] for position in wanted)]
                elif row:
                    uneven.add(line, len(row))
                line = rows.line_num + 1
        except csv.Error as error:
            raise RefusedError(
                f"Line {line} of {self._path.name} cannot be read as CSV ({error}); most often a "
                "quotation mark is missing there."
            ) from error

    def _not_text(self, error: UnicodeError) -> str:
        """Name the line of the first byte that is no text."""
        name, encoding = self._path.name, self._encoding
        advice = (
            "give its encoding, such as --encoding cp1252 (Excel on Windows) or latin-1"
            if encoding.startswith("utf")
            else "try --encoding utf-8 or cp1252"
        )
        if encoding.startswith("utf-16"):
            return f"{name} is not {encoding} ({error}); {advice}."
        with self._path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                try:
                    line.decode("utf-8" if encoding == "utf-8-sig" else encoding)
                except UnicodeDecodeError as found:
                    byte = f"byte 0x{line[found.start]:02X}"
                    return f"Line {number} of {name} is not {encoding} ({byte}); {advice}."
        return f"{name} is not {encoding} ({error}); {advice}."


class _Uneven:
    """Rows that are not as long as the header: counted, the first ones remembered."""

    def __init__(self, expected: int) -> None:
        self.expected = expected
        self.first: list[tuple[int, int]] = []
        self.count = 0

    def add(self, line: int, fields: int) -> None:
        """Remember one."""
        self.count += 1
        if len(self.first) < _KEPT:
            self.first.append((line, fields))


class _Hashing(io.RawIOBase):
    """Reads a file, and knows the checksum of what was read."""

    def __init__(
        self, file: io.BufferedReader, progress: Callable[[int, int], None], size: int
    ) -> None:
        self._file = file
        self._progress = progress
        self._size = size
        self._read = 0
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Read into a buffer."""
        count = self._file.readinto(buffer)
        self.digest.update(memoryview(buffer)[:count])
        self._read += count
        self._progress(self._read, self._size)
        return count


def _sniff_encoding(path: Path) -> str:
    with path.open("rb") as file:
        begin = file.read(4)
    if begin.startswith(b"PK\x03\x04"):
        raise RefusedError(
            f"{path.name} is an Excel workbook or a zip; save the sheet as CSV, or take the file "
            "out of the zip."
        )
    if begin.startswith(b"\x1f\x8b"):
        raise RefusedError(f"{path.name} is compressed; unpack it first: gunzip {path.name}")
    return next((name for bom, name in _BOMS.items() if begin.startswith(bom)), "utf-8")


def _sniff_delimiter(sample: str) -> str:
    """Return the delimiter that gives the most fields, the same number in most lines."""

    def fits(delimiter: str) -> tuple[float, int]:
        try:
            some = itertools.islice(_rows(io.StringIO(sample), delimiter), 50)
            rows = [len(row) for row in some if row]
        except csv.Error:
            return (0.0, 0)
        if not rows or rows[0] == 1:
            return (0.0, 0)
        return (rows.count(rows[0]) / len(rows), rows[0])

    best = max(DELIMITERS, key=fits)
    return best if fits(best) > (0.0, 0) else ","


def _rows(text: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    return csv.reader(text, delimiter=delimiter)


def _without_nul(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if "\0" in line:
            raise RefusedError(f"Line {number} holds a NUL byte, which no text has; remove it.")
        yield line
