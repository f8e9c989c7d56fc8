"""The one way of a tenant's data: an input table, what is built of it, a folder of Parquet files.

The folder is complete or not there. Which folder a tenant sees is in the metadata.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from kyros_api.dashboards.catalogue import CATALOGUE
from kyros_api.storage.durable import flush

if TYPE_CHECKING:
    from collections.abc import Callable

    from kyros_api.modelling.preparation import Options, Preparation, Report

# Rows that are read together: the more, the more memory each column takes that is asked for. With
# DuckDB's own 122,880 a download of a million customers in order found none within 128 MB.
ROW_GROUP = 20_480
STAGING_PREFIX = ".staging-"
# Of DuckDB alone: the models' frames come on top. What needs more goes by way of the disk.
_MEMORY = "700MB"


@dataclass(frozen=True)
class Origin:
    """What the table ``dataset`` says of where the data come from.

    Attributes:
        title: what people call them.
        file: the name of the file that they were read from.
        sha256: its checksum.
    """

    title: str
    file: str
    sha256: str


@dataclass(frozen=True)
class Work:
    """What is to be done for one version of a tenant's data.

    Attributes:
        preparation: of the dashboard.
        origin: where the data come from.
        options: what is said once for all rows.
        fill: makes the input table in an empty database, with a folder for files in between, and
            returns the work with what is known only then.
    """

    preparation: Preparation
    origin: Origin
    options: Options
    fill: Callable[[duckdb.DuckDBPyConnection, Path, Work], Work]


def write_version(work: Work, final: Path, report: Report) -> Work:
    """Build every table of a dashboard and put them into the folder ``final``.

    They are written aside and the folder is renamed when all are on disk, so that a folder with a
    version's name is always complete. A folder that is there already is replaced.

    Returns:
        the work with what was known only after reading the input.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=final.parent))
    spill = Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=final.parent))
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": _MEMORY,
        "temp_directory": str(spill),
        "threads": 1,  # sums of fractions depend on their order
    }
    try:
        with duckdb.connect(":memory:", config=settings) as database:
            work = work.fill(database, spill, work)
            work.preparation.build(database, work.options, report)
            _write_dataset(database, work)
            report("Writing")
            for name in CATALOGUE[work.preparation.slug].tables:
                path = staging / f"{name}.parquet"
                # Twice the size of zstd, read in half the time: each new question scans these.
                database.table(name).write_parquet(
                    str(path), compression="lz4_raw", row_group_size=ROW_GROUP
                )
                flush(path)
        flush(staging)
        staging.chmod(0o755)  # mkdtemp keeps others out; the API may run as another user
        shutil.rmtree(final, ignore_errors=True)
        staging.rename(final)
        flush(final.parent)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        shutil.rmtree(spill, ignore_errors=True)
    return work


def is_complete(slug: str, folder: Path) -> bool:
    """Say whether a version has every table of its dashboard, and all can be read."""
    try:
        for table in CATALOGUE[slug].tables:
            _first_of(folder, table, "count(*)")
    except duckdb.Error:
        return False
    return True


def rows_read(folder: Path) -> int:
    """Return how many rows of input a version was made of; the input itself need not be kept."""
    return _first_of(folder, "dataset", "rows")


def _first_of(folder: Path, table: str, what: str) -> int:
    with duckdb.connect(":memory:") as database:
        rows = database.execute(
            f"SELECT {what} FROM read_parquet(?)",  # noqa: S608 - written above
            [str(folder / f"{table}.parquet")],
        ).fetchall()
    return int(rows[0][0])


def _write_dataset(database: duckdb.DuckDBPyConnection, work: Work) -> None:
    database.execute(
        "CREATE TABLE dataset (title VARCHAR, file VARCHAR, sha256 VARCHAR, rows BIGINT,"
        " unit VARCHAR, loaded_at TIMESTAMP, currency VARCHAR)"
    )
    ((rows,),) = database.table(work.preparation.table).count("*").fetchall()
    origin = work.origin
    database.execute(
        "INSERT INTO dataset VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            origin.title,
            origin.file,
            origin.sha256,
            rows,
            work.preparation.unit,
            work.options.at.replace(tzinfo=None, microsecond=0),
            work.options.currency,
        ],
    )
