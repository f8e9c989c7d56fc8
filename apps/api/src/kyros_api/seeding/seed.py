"""Seeding: the demo's metadata and data, all of it or nothing, as often as one likes.

Tables are written into folders that nobody refers to yet. Then one step makes them the tenants'
data: the commit of one transaction where a database is there already, as it always is on a server,
or the renaming of a whole new file where there is none. Whatever ends the process before that step
leaves what was there.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from kyros_api.metadata.engine import CHANGES, open_engine, take_turn
from kyros_api.metadata.faults import explain
from kyros_api.metadata.location import SqliteFile
from kyros_api.metadata.migrate import upgrade
from kyros_api.modelling.registry import PREPARATIONS
from kyros_api.modelling.tables import STAGING_PREFIX, rows_read
from kyros_api.seeding import demo
from kyros_api.seeding.errors import SeedError
from kyros_api.seeding.passwords import set_missing_passwords
from kyros_api.seeding.rows import write_rows
from kyros_api.seeding.status import read_versions
from kyros_api.seeding.tables import build_tables, check_source
from kyros_api.storage.lock import only_writer
from kyros_api.storage.versions import is_own

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from kyros_api.metadata.location import Location
    from kyros_api.settings import StorageSettings

    Report = Callable[[str], None]

STEPS = len(demo.ASSIGNMENTS) + 2


class Line(NamedTuple):
    """What a tenant sees on a dashboard: one line of the closing summary."""

    tenant: str
    dashboard: str
    source: str
    rows: int
    unit: str


class Seeded(NamedTuple):
    """What is in place.

    Attributes:
        lines: of the closing summary.
        passwords: those that were set, by email. Nothing but their hashes is kept: who does not
            show them now never can.
    """

    lines: list[Line]
    passwords: Mapping[str, str]


def seed(settings: StorageSettings, report: Report, *, with_passwords: bool = False) -> Seeded:
    """Put the demo in place.

    Args:
        settings: where database and data lie.
        report: told of each of :data:`STEPS` steps as it begins.
        with_passwords: give demo users who have no password a random one.

    Raises:
        SeedError: it cannot be done; nothing that tenants see was changed.
    """
    data_dir = settings.data_dir
    with _only_one(data_dir):
        report("Checking the sources")
        for item in demo.ASSIGNMENTS:
            check_source(item.source, data_dir / "source")
        _remove_leftovers(data_dir)
        there = read_versions(settings.database)
        versions: dict[tuple[str, str], str] = {}
        lines: list[Line] = []
        for item in demo.ASSIGNMENTS:
            report(item.source.title)
            key = item.tenant_id, item.dashboard_slug
            current, previous = there.get(key, (None, None))
            if not is_own(current) or (previous and not is_own(previous)):
                build_tables(item, data_dir, lambda _step: None)
                versions[key] = item.version
            lines.append(_summarise(item, data_dir, current))
        report("Metadata")
        passwords = _commit(settings.database, versions, with_passwords=with_passwords)
    return Seeded(lines, passwords)


def _summarise(item: demo.Assignment, data_dir: Path, current: str | None) -> Line:
    tenant = next(tenant.name for tenant in demo.TENANTS if tenant.id == item.tenant_id)
    preparation = PREPARATIONS[item.dashboard_slug]
    folder, source = item.folder(data_dir), item.source.title
    if current is not None and is_own(current):
        folder, source = folder.with_name(current), "its own, kept"
    rows = rows_read(folder)
    return Line(tenant, item.dashboard_slug, source, rows, preparation.unit)


@contextmanager
def _only_one(data_dir: Path) -> Iterator[None]:
    """Keep others who write tenants' files out while this runs."""
    with ExitStack() as stack:
        try:
            stack.enter_context(only_writer(data_dir))
        except BlockingIOError as error:
            raise SeedError(
                "Another seeding or erasure is running; wait until it has finished."
            ) from error
        except OSError as error:
            raise SeedError(
                f"{data_dir} cannot be written ({error.strerror}); "
                "make it yours with: sudo chown -R $(id -u) data"
            ) from error
        try:
            yield
        except OSError as error:
            raise SeedError(
                f"Seeding stopped, and what was there is unchanged: {error}; "
                "free the disk or mend the permissions and seed again"
            ) from error


def _remove_leftovers(data_dir: Path) -> None:
    """Remove what an interrupted seeding left; nobody refers to it."""
    for folder in (data_dir / "tenants").glob(f"*/*/{STAGING_PREFIX}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _commit(
    location: Location, versions: Mapping[tuple[str, str], str], *, with_passwords: bool
) -> Mapping[str, str]:
    try:
        if not isinstance(location, SqliteFile) or location.path.exists():
            return _write(location, versions, with_passwords=with_passwords)
        database = location.path
        new = database.with_name(f".{database.name}.new")
        new.unlink(missing_ok=True)
        database.parent.mkdir(parents=True, exist_ok=True)
        passwords = _write(SqliteFile(new), versions, with_passwords=with_passwords)
        new.replace(database)
    except SQLAlchemyError as error:
        sentence = None if isinstance(location, SqliteFile) else explain(error, location)
        raise SeedError(
            sentence
            or f"{location} cannot be written or is not a database of Kyros "
            f"({getattr(error, 'orig', error)}); stop what uses it, or move it away, and seed again"
        ) from error
    return passwords


def _write(
    location: Location, versions: Mapping[tuple[str, str], str], *, with_passwords: bool
) -> Mapping[str, str]:
    engine = open_engine(location, create=True)
    try:
        with engine.begin() as connection:
            take_turn(connection, CHANGES)
            upgrade(connection)
            write_rows(connection, versions)
            return set_missing_passwords(connection) if with_passwords else {}
    finally:
        engine.dispose()  # closing the last connection puts the write-ahead log into the file
