"""Erasing a tenant: nobody can enter it from one commit on, then its files go, then a receipt.

That commit also leaves one line in the audit log, which says what there was. Whatever ends the
process after it, the same command with the tenant's id goes on from there and writes the same
receipt: files of an id that the metadata do not know belong to nobody, and can always be removed.
"""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, Table, delete, func, select

from kyros_api.administration import names, receipts, tenant_files, tenants
from kyros_api.administration.database import changing, compact, reading
from kyros_api.administration.errors import AdministrationError, EnvironmentFaultError
from kyros_api.administration.recording import record
from kyros_api.audit.events import AuditEvent
from kyros_api.audit.tenant_lines import Erased, blank, collect, forget
from kyros_api.metadata.tables import audit_log, tenant_dashboards, user_tenants, users
from kyros_api.metadata.tables import tenants as tenants_table
from kyros_api.storage.lock import only_writer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kyros_api.administration.tenant_files import Inventory
    from kyros_api.administration.tenants import Tenant
    from kyros_api.settings import StorageSettings

ACTION = "tenant.erase"
# Seconds for the requests that were let in before the commit: they finish reading, and what they
# leave in the audit log arrives where it can be deleted.
GRACE = 1.0
_AT_ONCE = 500  # users in one statement: databases limit how many values it binds


class Doomed(NamedTuple):
    """What would go.

    Attributes:
        tenant: None when the metadata do not know it any more.
        tenant_id: of the tenant.
        only_here: the emails of the users who belong to no other tenant.
        grants: how many roles people have in it.
        dashboards: how many are assigned to it.
        audit_lines: about it; those of no tenant by users who go with it come on top.
        data: its files.
    """

    tenant: Tenant | None
    tenant_id: str
    only_here: frozenset[str]
    grants: int
    dashboards: int
    audit_lines: int
    data: Inventory

    @property
    def name(self) -> str:
        """What has to be typed to confirm: the slug, or the id where there is no slug any more."""
        return self.tenant.slug if self.tenant else self.tenant_id

    @property
    def is_gone(self) -> bool:
        """Whether an earlier run has removed everything already."""
        return self.tenant is None and not self.data.files


@dataclass(frozen=True)
class Erasure:
    """The erasure of one tenant.

    Attributes:
        settings: where metadata and data lie.
        named: the tenant's slug or id; the id where its rows are gone already.
        keep_users: leave the users who belong to no other tenant.
    """

    settings: StorageSettings
    named: str
    keep_users: bool = False

    def look(self) -> Doomed:
        """Say what would go, without changing anything.

        Raises:
            AdministrationError: there is no such tenant, and nothing is left of one.
        """
        with reading(self.settings.database) as connection:
            return self._look(connection, self.named)

    def run(self, receipt: Path | None = None) -> tuple[Path, str]:
        """Erase the tenant, or go on with an erasure that was interrupted.

        Args:
            receipt: the file for the receipt; one below ``receipts/`` when not given.

        Returns:
            the receipt's file, and its text.

        Raises:
            AdministrationError: nothing was changed.
            EnvironmentFaultError: the sentence says whether something is still to be done.
        """
        data_dir, database = self.settings.data_dir, self.settings.database
        with _nobody_else_writes(data_dir):
            tenant_id = self.look().tenant_id
            file = receipts.choose_file(receipt, data_dir, tenant_id)
            with changing(database) as connection:
                collected = collect(connection, self._spools)
            with changing(database) as connection:
                doomed = self._look(connection, tenant_id)
                erased, event = self._delete_rows(connection, doomed)
                # Before the commit, because after a crash nobody knows the users any more; and
                # only what the table has, because the commit may fail.
                blank(self._spools, lambda line: line.event_id in collected and erased.holds(line))
            if doomed.tenant:
                time.sleep(GRACE)
            tenant_files.remove(self._folders / tenant_id)
            with changing(database) as connection:
                forget(connection, erased)
            blank(self._spools, erased.holds)
            compact(database)
            return file, receipts.write(file, receipts.describe(event, doomed.tenant))

    @property
    def _spools(self) -> Path:
        return self.settings.data_dir / "audit"

    @property
    def _folders(self) -> Path:
        return self.settings.data_dir / "tenants"

    def _look(self, connection: Connection, named: str) -> Doomed:
        tenant = self._find(connection, named)
        tenant_id = tenant.id if tenant else named.lower()
        here = select(user_tenants.c.user_id).where(user_tenants.c.tenant_id == tenant_id)
        elsewhere = select(user_tenants.c.user_id).where(user_tenants.c.tenant_id != tenant_id)
        only_here = connection.execute(
            select(users.c.email).where(users.c.id.in_(here), users.c.id.not_in(elsewhere))
        )
        return Doomed(
            tenant,
            tenant_id,
            only_here=frozenset(only_here.scalars().all()),
            grants=_count(connection, user_tenants, tenant_id),
            dashboards=_count(connection, tenant_dashboards, tenant_id),
            audit_lines=_count(connection, audit_log, tenant_id),
            data=tenant_files.take_inventory(self._folders / tenant_id),
        )

    def _find(self, connection: Connection, named: str) -> Tenant | None:
        """Return the tenant, None for the id of one that is gone and has left something."""
        try:
            return tenants.find(connection, named)
        except AdministrationError as error:
            tenant_id = named.lower()
            left = self._ids_of_nobody(connection)
            if tenant_id in left or _find_event(connection, tenant_id):
                return None
            if not left:
                raise
            raise AdministrationError(
                f"{error} An erasure was interrupted; finish it by the id: {', '.join(left)}."
            ) from error

    def _ids_of_nobody(self, connection: Connection) -> list[str]:
        """Return the ids below which there are data, and which the metadata do not know."""
        there = {path.name for path in self._folders.glob("*")}
        known = set(connection.execute(select(tenants_table.c.id)).scalars().all())
        return sorted(name for name in there - known if names.is_id(name))

    def _delete_rows(self, connection: Connection, doomed: Doomed) -> tuple[Erased, AuditEvent]:
        """Delete all that is known of the tenant, and leave one line that says so."""
        emails = frozenset[str]() if self.keep_users else doomed.only_here
        erased = Erased(doomed.tenant_id, emails, kept=f"admin.{ACTION}")
        before = _find_event(connection, doomed.tenant_id)
        if doomed.tenant is None and before is not None:
            return erased, before  # its rows went in an earlier run
        audit_lines = forget(connection, erased)
        in_batches = sorted(emails)
        for start in range(0, len(in_batches), _AT_ONCE):
            some = in_batches[start : start + _AT_ONCE]
            connection.execute(delete(users).where(users.c.email.in_(some)))
        connection.execute(delete(tenants_table).where(tenants_table.c.id == doomed.tenant_id))
        event = record(
            connection,
            ACTION,
            tenant_id=doomed.tenant_id,
            users=str(len(emails)),
            users_kept=str(len(doomed.only_here) - len(emails)),
            roles=str(doomed.grants),
            dashboards=str(doomed.dashboards),
            audit_lines=str(audit_lines),
            files=str(doomed.data.files),
            bytes=str(doomed.data.bytes),
            files_sha256=doomed.data.sha256,
        )
        return erased, event


def _count(connection: Connection, table: Table, tenant_id: str) -> int:
    rows = select(func.count()).select_from(table).where(table.c.tenant_id == tenant_id)
    return connection.execute(rows).scalar_one()


def _find_event(connection: Connection, tenant_id: str) -> AuditEvent | None:
    """Return the line that an erasure of this tenant has left, the newest of several."""
    row = connection.execute(
        select(audit_log)
        .where(audit_log.c.tenant_id == tenant_id, audit_log.c.action == f"admin.{ACTION}")
        .order_by(audit_log.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return AuditEvent(**{field.name: getattr(row, field.name) for field in fields(AuditEvent)})


@contextmanager
def _nobody_else_writes(data_dir: Path) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(only_writer(data_dir))
            yield
        except BlockingIOError as error:
            raise EnvironmentFaultError(
                "Another command is writing tenants' data; wait until it has finished and repeat."
            ) from error
        except OSError as error:
            raise EnvironmentFaultError(
                f"{error.filename or data_dir} cannot be used ({error.strerror}); mend that and "
                "repeat the command, with the tenant's id if its slug is not known any more."
            ) from error
