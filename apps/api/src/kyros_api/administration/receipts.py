"""The receipt of an erasure: what a tenant is given to show that its data are gone."""

from __future__ import annotations

import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kyros_api.administration.errors import AdministrationError, EnvironmentFaultError
from kyros_api.storage.durable import flush

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kyros_api.administration.tenants import Tenant
    from kyros_api.audit.events import AuditEvent

FORMAT = 1


def describe(event: AuditEvent, tenant: Tenant | None) -> dict[str, Any]:
    """Return the receipt of a finished erasure.

    Args:
        event: the line of the audit log that the erasure left.
        tenant: which it was, None when an earlier run erased its slug.
    """
    facts = dict(event.details)
    return {
        "format": FORMAT,
        "tenant_id": event.tenant_id,
        "slug": tenant.slug if tenant else None,
        "erased_by": event.actor,
        "erased_at": event.at.isoformat(timespec="seconds"),
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "files_sha256": facts.pop("files_sha256"),
        "users_kept": int(facts.pop("users_kept")),
        "deleted": {name: int(number) for name, number in facts.items()},
    }


def choose_file(wanted: Path | None, data_dir: Path, tenant_id: str) -> Path:
    """Return where the receipt goes, and make sure that it can, before anything is erased.

    Raises:
        AdministrationError: the file is there already, or its folder is not.
        EnvironmentFaultError: the folder cannot be written.
    """
    folder = data_dir / "receipts"
    file = wanted or folder / f"{tenant_id}-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}.json"
    if file.exists():
        raise AdministrationError(f"{file} is there already; let --receipt name another file.")
    if wanted is not None and not wanted.parent.is_dir():
        raise AdministrationError(f"There is no folder {wanted.parent}; make it or name another.")
    try:
        file.parent.mkdir(exist_ok=True)
        tempfile.TemporaryFile(dir=file.parent).close()
    except OSError as error:
        raise EnvironmentFaultError(
            f"{file.parent} cannot be written ({error.strerror}); "
            "mend that, or let --receipt name a file elsewhere."
        ) from error
    return file


def write(file: Path, receipt: Mapping[str, Any]) -> str:
    """Write the receipt, complete or not at all, and return its text.

    Raises:
        EnvironmentFaultError: it could not be written; the erasure is done all the same.
    """
    text = json.dumps(receipt, indent=2, ensure_ascii=False)
    try:
        descriptor, part = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(f"{text}\n")
            opened.flush()
            os.fsync(descriptor)
        Path(part).replace(file)
        flush(file.parent)
    except OSError as error:
        raise EnvironmentFaultError(
            f"The tenant is erased, but {file} could not be written ({error.strerror}); mend that "
            "and repeat the command with the tenant's id to get the receipt."
        ) from error
    return text
