"""What endpoints ask for: the database, the settings, and who is calling.

All are coroutines: FastAPI would hand a plain function to a thread, which costs more than any of
these do. Who is calling for which tenant is in :mod:`kyros_api.tenants.access`.
"""

from typing import Annotated, cast

from fastapi import Depends, Request

from kyros_api.audit.log import AuditLog
from kyros_api.metadata.database import Metadata
from kyros_api.settings import ApiSettings
from kyros_api.storage.tenant_data import TenantData
from kyros_shared_config import TokenAuthority, UserClaims, bearer_token


async def _metadata(request: Request) -> Metadata:
    return cast("Metadata", request.app.state.metadata)


async def _settings(request: Request) -> ApiSettings:
    return cast("ApiSettings", request.app.state.settings)


async def _authority(request: Request) -> TokenAuthority:
    return cast("TokenAuthority", request.app.state.authority)


async def _tenant_data(request: Request) -> TenantData:
    return cast("TenantData", request.app.state.tenant_data)


async def _audit(request: Request) -> AuditLog:
    return cast("AuditLog", request.app.state.audit)


Database = Annotated[Metadata, Depends(_metadata)]
Settings = Annotated[ApiSettings, Depends(_settings)]
Authority = Annotated[TokenAuthority, Depends(_authority)]
Data = Annotated[TenantData, Depends(_tenant_data)]
Audit = Annotated[AuditLog, Depends(_audit)]


async def _current_user(request: Request, authority: Authority) -> UserClaims:
    claims = authority.verify_user_token(bearer_token(request.headers.get("Authorization")))
    request.state.log["user"] = claims.email
    return claims


CurrentUser = Annotated[UserClaims, Depends(_current_user)]
