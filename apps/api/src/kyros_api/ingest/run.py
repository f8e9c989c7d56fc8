"""Ingesting a file: all of it, or nothing is changed."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import duckdb

from kyros_api.administration.errors import EnvironmentFaultError
from kyros_api.ingest.loading import Loading
from kyros_api.ingest.place import (
    find_place,
    nobody_else_writes,
    put,
    read_dataset,
    remove_unused,
)
from kyros_api.ingest.summary import Result, read_result
from kyros_api.modelling.registry import PREPARATIONS
from kyros_api.modelling.tables import Origin, Work, write_version
from kyros_api.storage.versions import own_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kyros_api.ingest.place import Place
    from kyros_api.ingest.reading import Reading
    from kyros_api.modelling.preparation import Options
    from kyros_api.settings import StorageSettings


@dataclass(frozen=True)
class Request:
    """What somebody wants to have ingested.

    Attributes:
        tenant: its slug or id.
        dashboard: its slug.
        reading: the file, and how it is to be read.
        title: what people shall call the data; None is the file's name.
        options: what is said once for all rows; without a currency that of the dashboard stays.
        dry_run: do all but put the data in place.
    """

    tenant: str
    dashboard: str
    reading: Reading
    options: Options
    title: str | None = None
    dry_run: bool = False


class Ingested(NamedTuple):
    """What came of it.

    Attributes:
        place: how it is now.
        loading: how the file was read.
        result: what is in the new version.
    """

    place: Place
    loading: Loading
    result: Result


def ingest(
    settings: StorageSettings,
    request: Request,
    step: Callable[[str], None],
    progress: Callable[[int, int], None],
) -> Ingested:
    """Read a file, check it, fit the models, and put all in place.

    Args:
        settings: where metadata and data lie.
        request: what is wanted.
        step: told what begins.
        progress: told how many bytes of the file were read, and how many there are.

    Raises:
        AdministrationError: what was asked for makes no sense; nothing was changed.
        RefusedError: the file is refused; nothing was changed.
        EnvironmentFaultError: the machine is at fault; nothing was changed.
    """
    place = find_place(settings, request.tenant, request.dashboard)
    preparation = PREPARATIONS[request.dashboard]
    options = replace(request.options, currency=request.options.currency or place.currency)
    title = request.title or request.reading.file.stem
    loading = Loading(preparation, request.reading, title, options, progress, step)
    version = own_version(f"{options.at:%Y%m%d%H%M%S}-{secrets.token_hex(3)}")
    work = Work(preparation, Origin(title, "", ""), loading.options, loading.fill)
    lock = nullcontext() if request.dry_run else nobody_else_writes(settings.data_dir)
    with lock, _folder(place, dry_run=request.dry_run) as parent, _faults(place):
        if not request.dry_run:
            remove_unused(find_place(settings, place.tenant_id, place.dashboard))
        done = write_version(work, parent / version, step)
        result = read_result(parent / version, preparation)
        if request.dry_run:
            return Ingested(place, loading, result)
        step("Putting in place")
        try:
            now = put(
                settings,
                place,
                version,
                sha256=done.origin.sha256,
                dataset=read_dataset(parent / version),
            )
        except BaseException:
            shutil.rmtree(parent / version, ignore_errors=True)
            raise
        return Ingested(now, loading, result)


@contextmanager
def _folder(place: Place, *, dry_run: bool) -> Iterator[Path]:
    if not dry_run:
        yield place.folder
        return
    with tempfile.TemporaryDirectory(prefix="kyros-ingest-") as folder:
        yield Path(folder)


@contextmanager
def _faults(place: Place) -> Iterator[None]:
    """Say in a sentence what the machine lacks."""
    try:
        yield
    except OSError as error:
        raise EnvironmentFaultError(
            f"{error.filename or place.folder} cannot be used ({error.strerror}), and nothing was "
            "changed; free the disk or mend the permissions and repeat."
        ) from error
    except (MemoryError, duckdb.OutOfMemoryException) as error:
        raise EnvironmentFaultError(
            "There is not enough memory for this file, and nothing was changed; close other "
            "programs, or leave columns out with --exclude."
        ) from error
    except duckdb.IOException as error:
        raise EnvironmentFaultError(
            f"Reading or writing failed ({str(error).partition(chr(10))[0]}), and nothing was "
            "changed; free the disk and repeat."
        ) from error
