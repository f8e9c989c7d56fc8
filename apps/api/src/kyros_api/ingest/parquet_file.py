"""A Parquet file: its columns as text, which is then judged as a CSV's is."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import duckdb

from kyros_api.ingest.csv_file import Loaded
from kyros_api.ingest.errors import RefusedError
from kyros_api.ingest.rules import tidied
from kyros_api.storage.tenant_data import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kyros_api.ingest.reading import Reading

MAGIC = b"PAR1"
_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"}
_UNSIGNED = {f"U{name}" for name in _WHOLE}
_PIECE = 1 << 20


class ParquetFile:
    """A Parquet file's columns, and then its rows.

    Raises:
        RefusedError: it cannot be read as one.
    """

    def __init__(self, reading: Reading) -> None:
        self._path = reading.file
        self._reading = reading
        with duckdb.connect(":memory:") as database:
            described = self._run(
                database, "DESCRIBE FROM read_parquet($file)", {"file": str(self._path)}
            ).fetchall()
        self.header = [str(name) for name, *_ in described]
        self.native: list[str | None] = [_family(str(kind)) for _, kind, *_ in described]
        self._kinds = [str(kind) for _, kind, *_ in described]

    def describe(self) -> str:
        """Say in which form the file was read."""
        return "Parquet"

    def load(
        self,
        database: duckdb.DuckDBPyConnection,
        wanted: Sequence[int],
        folder: Path,
        progress: Callable[[int, int], None],
    ) -> Loaded:
        """Make the table ``raw``: ``line``, and a text ``c0``, ``c1`` … for each wanted column.

        Raises:
            RefusedError: a column holds what is no value, or the file cannot be read.
        """
        del folder
        for position in wanted:
            if self.native[position] == "other":
                name, kind = self.header[position], self._kinds[position].partition("(")[0]
                raise RefusedError(
                    f"Column {name} of {self._path.name} holds {kind}, which is no single value; "
                    f"leave it out with --exclude {name}"
                )
        sha256 = self._digest(progress)
        texts = [f"CAST({quote(self.header[position])} AS VARCHAR)" for position in wanted]
        columns = ", ".join(
            f"{tidied(text, self._reading)} AS c{number}" for number, text in enumerate(texts)
        )
        self._run(
            database,
            f"CREATE TABLE raw AS SELECT file_row_number + 1 AS line, {columns}"  # noqa: S608 - quoted
            " FROM read_parquet($file, file_row_number = true)",
            {"file": str(self._path)},
        )
        return Loaded(self._path.name, "row", sha256, [], 0)

    def _digest(self, progress: Callable[[int, int], None]) -> str:
        digest, size, done = hashlib.sha256(), self._path.stat().st_size, 0
        with self._path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                done += len(piece)
                progress(done, size)
        return digest.hexdigest()

    def _run(
        self, database: duckdb.DuckDBPyConnection, sql: str, values: dict[str, str]
    ) -> duckdb.DuckDBPyConnection:
        try:
            return database.execute(sql, values)
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            reason = str(error).partition("\n")[0]
            raise RefusedError(
                f"{self._path.name} cannot be read as Parquet ({reason}); write it anew."
            ) from error


def _family(kind: str) -> str | None:
    """Say what a type's values are, None for text."""
    name = kind.partition("(")[0]
    if "[" in kind or name in {"STRUCT", "MAP", "UNION", "BLOB", "INTERVAL"}:
        return "other"
    if name in _WHOLE | _UNSIGNED:
        return "integer"
    if name in {"FLOAT", "DOUBLE", "DECIMAL"}:
        return "number"
    if name == "BOOLEAN":
        return "boolean"
    if name == "DATE" or name.startswith("TIMESTAMP"):
        return "date"
    return None
