"""From a source file to a tenant's Parquet tables, complete or not at all."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from kyros_api.seeding.errors import SeedError
from kyros_api.storage.durable import flush

if TYPE_CHECKING:
    from kyros_api.seeding.sources import Source

STAGING_PREFIX = ".staging-"


def check_source(source: Source, source_dir: Path) -> None:
    """Make sure that the file is there and is the one that its provenance speaks of.

    Raises:
        SeedError: it is missing or differs.
    """
    path = source_dir / source.file
    remedy = f"restore it with: git checkout -- data/source/{source.file}"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SeedError(f"{path} cannot be read ({error.strerror}); {remedy}") from error
    if hashlib.sha256(content).hexdigest() != source.sha256:
        raise SeedError(f"{path} is not the file that data/source/README.md describes; {remedy}")


def version_of(source: Source) -> str:
    """Return the name of the data that this source and these queries give: same in, same out."""
    text = "\n".join([source.sha256, *source.tables, *source.tables.values()])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def build_tables(source: Source, source_dir: Path, parent: Path) -> Path:
    """Write the source's tables below ``parent`` and return their folder.

    The tables are written aside and the folder is renamed when all are on disk, so that a folder
    with a version's name is always complete. One that is there already is left as it is.
    """
    final = parent / version_of(source)
    if _is_complete(source, final):
        return final
    parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=parent))
    try:
        _write_tables(source, source_dir / source.file, staging)
        staging.chmod(0o755)  # mkdtemp keeps others out; the API may run as another user
        shutil.rmtree(final, ignore_errors=True)
        staging.rename(final)
        flush(parent)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return final


def count_rows(folder: Path, table: str) -> int:
    """Return the number of rows of a table."""
    with duckdb.connect(":memory:") as database:
        rows = database.execute(
            "SELECT count(*) FROM read_parquet(?)", [str(folder / f"{table}.parquet")]
        ).fetchall()
    return int(rows[0][0])


def _is_complete(source: Source, folder: Path) -> bool:
    try:
        return all(count_rows(folder, table) > 0 for table in source.tables)
    except duckdb.Error:
        return False


def _write_tables(source: Source, file: Path, folder: Path) -> None:
    with duckdb.connect(":memory:") as database:
        database.execute("SET threads = 1")  # sums of fractions depend on their order
        for name, sql in source.tables.items():
            parameters = {"file": str(file)} if "$file" in sql else {}
            relation = database.sql(sql, params=parameters)
            relation.create(name)
            path = folder / f"{name}.parquet"
            # Twice the size of zstd, read in half the time: each new question scans these.
            database.table(name).write_parquet(str(path), compression="lz4_raw")
            flush(path)
    flush(folder)
