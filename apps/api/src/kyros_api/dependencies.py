"""What endpoints ask for: the API's services, and who is calling.

These are coroutines: FastAPI would hand a plain function to a thread, which costs more than it
does. Who is calling for which tenant is in :mod:`kyros_api.tenants.access`.
"""

from typing import Annotated, cast

from fastapi import Depends, Request

from kyros_api.auth.revocation import is_revoked, refuse_revoked
from kyros_api.openapi.refusals import refuses
from kyros_api.services import ApiServices
from kyros_shared_config import TenantClaims, VerifiedUser, bearer_token


def services_of(request: Request) -> ApiServices:
    """Return the services of the application that answers a request."""
    return cast("ApiServices", request.app.state.services)


async def _services(request: Request) -> ApiServices:
    return services_of(request)


def note_caller(request: Request, claims: VerifiedUser | TenantClaims) -> None:
    """Keep who is calling, once the token is verified: an id for the log, an email to audit."""
    request.state.log["user"] = claims.sub
    request.state.actor = claims.email
    if isinstance(claims, TenantClaims):
        request.state.log["tenant"] = claims.tenant_id


Services = Annotated[ApiServices, Depends(_services)]


@refuses("TOKEN_MISSING", "TOKEN_INVALID", "TOKEN_EXPIRED", scheme="userToken")
async def _token_holder(request: Request) -> VerifiedUser:
    token = bearer_token(request.headers.get("Authorization"))
    claims = services_of(request).authority.verify_user_token(token)
    note_caller(request, claims)
    return claims


# Whose token it is, also when they have signed out of it.
TokenHolder = Annotated[VerifiedUser, Depends(_token_holder)]


@refuses("TOKEN_REVOKED", "DATABASE_UNAVAILABLE")
async def _current_user(holder: TokenHolder, services: Services) -> VerifiedUser:
    refuse_revoked(revoked=await services.metadata.read(is_revoked, holder.jti))
    return holder


CurrentUser = Annotated[VerifiedUser, Depends(_current_user)]
