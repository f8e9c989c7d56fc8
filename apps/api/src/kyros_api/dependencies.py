"""What endpoints ask for: the database, the settings, and who is calling."""

from typing import Annotated, cast

from fastapi import Depends, Request
from sqlalchemy import Engine

from kyros_api.settings import ApiSettings
from kyros_api.storage.tenant_data import TenantData
from kyros_shared_config import TenantClaims, TokenAuthority, UserClaims, bearer_token


def _engine(request: Request) -> Engine:
    return cast("Engine", request.app.state.engine)


def _settings(request: Request) -> ApiSettings:
    return cast("ApiSettings", request.app.state.settings)


def _authority(request: Request) -> TokenAuthority:
    return cast("TokenAuthority", request.app.state.authority)


def _tenant_data(request: Request) -> TenantData:
    return cast("TenantData", request.app.state.tenant_data)


Database = Annotated[Engine, Depends(_engine)]
Settings = Annotated[ApiSettings, Depends(_settings)]
Authority = Annotated[TokenAuthority, Depends(_authority)]
Data = Annotated[TenantData, Depends(_tenant_data)]


def _log_fields(request: Request) -> dict[str, object]:
    return cast("dict[str, object]", request.scope.get("state", {}).get("log", {}))


def _current_user(request: Request, authority: Authority) -> UserClaims:
    claims = authority.verify_user_token(bearer_token(request.headers.get("Authorization")))
    _log_fields(request)["user"] = claims.email
    return claims


def _tenant_scope(request: Request, authority: Authority) -> TenantClaims:
    claims = authority.verify_tenant_token(bearer_token(request.headers.get("Authorization")))
    _log_fields(request).update(user=claims.email, tenant=claims.tenant_id)
    return claims


CurrentUser = Annotated[UserClaims, Depends(_current_user)]
TenantScope = Annotated[TenantClaims, Depends(_tenant_scope)]
