"""What the API holds for the length of its life; endpoints get it as one thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from kyros_api.audit.log import AuditLog
from kyros_api.auth.passwords import PasswordVerifier
from kyros_api.auth.throttle import SignInThrottle
from kyros_api.dashboards.cache import ResultCache
from kyros_api.dashboards.formats.downloads import Downloads
from kyros_api.metadata.database import Metadata
from kyros_api.storage.tenant_data import TenantData

if TYPE_CHECKING:
    from kyros_api.settings import ApiSettings
    from kyros_shared_config import TokenAuthority


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

    @classmethod
    def of(cls, settings: ApiSettings) -> Self:
        """Make what the settings ask for; nothing is opened yet."""
        metadata = Metadata(settings.database_path)
        return cls(
            settings,
            settings.token_authority(),
            metadata,
            AuditLog(settings.data_dir / "audit", metadata.engine),
            TenantData(settings.data_dir),
            ResultCache(),
            Downloads(),
            PasswordVerifier(),
            SignInThrottle(settings.sign_in_limit_per_account, settings.sign_in_limit_per_address),
        )

    def start(self) -> None:
        """Begin what goes on beside the requests."""
        self.audit.start()

    def close(self) -> None:
        """Finish what is under way, and let go of files."""
        self.audit.close()
        self.metadata.close()
        self.tenant_data.close()
