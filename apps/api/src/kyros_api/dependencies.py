"""What endpoints ask for: the API's services, and who is calling.

These are coroutines: FastAPI would hand a plain function to a thread, which costs more than it
does. Who is calling for which tenant is in :mod:`kyros_api.tenants.access`.
"""

from typing import Annotated, cast

from fastapi import Depends, Request

from kyros_api.audit.log import AuditLog
from kyros_api.metadata.database import Metadata
from kyros_api.openapi.refusals import refuses
from kyros_api.services import ApiServices
from kyros_api.settings import ApiSettings
from kyros_shared_config import TokenAuthority, UserClaims, bearer_token


def services_of(request: Request) -> ApiServices:
    """Return the services of the application that answers a request."""
    return cast("ApiServices", request.app.state.services)


async def _services(request: Request) -> ApiServices:
    return services_of(request)


Services = Annotated[ApiServices, Depends(_services)]


async def _metadata(request: Request) -> Metadata:
    return services_of(request).metadata


async def _settings(request: Request) -> ApiSettings:
    return services_of(request).settings


async def _authority(request: Request) -> TokenAuthority:
    return services_of(request).authority


async def _audit(request: Request) -> AuditLog:
    return services_of(request).audit


Database = Annotated[Metadata, Depends(_metadata)]
Settings = Annotated[ApiSettings, Depends(_settings)]
Authority = Annotated[TokenAuthority, Depends(_authority)]
Audit = Annotated[AuditLog, Depends(_audit)]


@refuses("TOKEN_MISSING", "TOKEN_INVALID", "TOKEN_EXPIRED", scheme="userToken")
async def _current_user(request: Request) -> UserClaims:
    token = bearer_token(request.headers.get("Authorization"))
    claims = services_of(request).authority.verify_user_token(token)
    request.state.log["user"] = claims.email
    return claims


CurrentUser = Annotated[UserClaims, Depends(_current_user)]
