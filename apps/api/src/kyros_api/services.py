"""What the API holds for the length of its life; endpoints get it as one thing."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from sqlalchemy.exc import SQLAlchemyError

from kyros_api.audit.log import AuditLog
from kyros_api.auth.passwords import PasswordVerifier
from kyros_api.auth.throttle import SignInThrottle
from kyros_api.dashboards.cache import ResultCache
from kyros_api.dashboards.formats.downloads import Downloads
from kyros_api.metadata.database import Metadata, open_metadata
from kyros_api.metadata.faults import explain
from kyros_api.metadata.location import SqliteFile
from kyros_api.metadata.revision import current_revision
from kyros_api.metrics import audit_backlog
from kyros_api.storage.lock import in_use
from kyros_api.storage.tenant_data import TenantData

if TYPE_CHECKING:
    from kyros_api.settings import ApiSettings
    from kyros_shared_config import TokenAuthority


_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ApiServices:
    """Everything that answering a request may need.

    Attributes:
        settings: checked at the start.
        authority: mints and verifies tokens.
        metadata: who there is, and who may see what.
        audit: who was let in or turned away.
        tenant_data: the tenants' own data.
        results: what was worked out of it before.
        downloads: who may make a big answer of it next.
        passwords: compares a password with a hash.
        throttle: counts failed sign-ins.
    """

    settings: ApiSettings
    authority: TokenAuthority
    metadata: Metadata
    audit: AuditLog
    tenant_data: TenantData
    results: ResultCache
    downloads: Downloads
    passwords: PasswordVerifier
    throttle: SignInThrottle
    _held: ExitStack = field(default_factory=ExitStack)

    @classmethod
    def of(cls, settings: ApiSettings) -> Self:
        """Make what the settings ask for; nothing is opened yet."""
        metadata = open_metadata(settings.database)
        return cls(
            settings,
            settings.token_authority(),
            metadata,
            AuditLog(settings.data_dir / "audit", metadata.engine),
            TenantData(settings.data_dir),
            ResultCache(),
            Downloads(),
            PasswordVerifier(),
            SignInThrottle(
                metadata, settings.sign_in_limit_per_account, settings.sign_in_limit_per_address
            ),
        )

    def start(self) -> None:
        """Take hold of the data, and begin what goes on beside the requests."""
        self._held.enter_context(in_use(self.settings.data_dir))
        self.audit.start()
        audit_backlog.set_function(lambda: self.audit.backlog)

    async def look_at_database(self) -> None:
        """Say in the log at once what would keep every request from being answered.

        Not a reason to stop: the server may come back, and /health/db says until then that it is
        away. A file is looked at when somebody asks.
        """
        if not isinstance(self.metadata.location, SqliteFile):
            try:
                await self.metadata.read(current_revision)
            except SQLAlchemyError as error:
                _log.error("%s", explain(error, self.metadata.location) or error)

    def close(self) -> None:
        """Finish what is under way, and let go of files."""
        audit_backlog.set_function(lambda: 0)
        self.audit.close()
        self.metadata.close()
        self.tenant_data.close()
        self._held.close()
