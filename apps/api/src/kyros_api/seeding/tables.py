"""From a source file to a tenant's Parquet tables."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kyros_api.modelling.preparation import Options
from kyros_api.modelling.registry import PREPARATIONS
from kyros_api.modelling.tables import Origin, Work, is_complete, write_version
from kyros_api.seeding.errors import SeedError

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from kyros_api.modelling.preparation import Report
    from kyros_api.seeding.demo import Assignment
    from kyros_api.seeding.sources import Source


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


def build_tables(item: Assignment, data_dir: Path, report: Report) -> Path:
    """Write the tables of what a tenant of the demo has, and return their folder.

    A folder that is there already, and of which every table can be read, is left as it is.
    """
    folder = item.folder(data_dir)
    if is_complete(item.dashboard_slug, folder):
        return folder
    source = item.source

    def fill(database: duckdb.DuckDBPyConnection, _folder: Path, work: Work) -> Work:
        parameters = {"file": str(data_dir / "source" / source.file)}
        table = PREPARATIONS[item.dashboard_slug].table
        database.sql(source.sql, params=parameters).create(table)
        return work

    work = Work(
        PREPARATIONS[item.dashboard_slug],
        Origin(source.title, source.file, source.sha256),
        Options(
            currency=item.config.get("currency"),
            segments=source.segments,
            variables=source.variables,
        ),
        fill,
    )
    write_version(work, folder, report)
    return folder
