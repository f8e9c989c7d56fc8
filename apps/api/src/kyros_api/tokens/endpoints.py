"""A user token becomes a tenant token: as JSON, and as the standard has it."""

from fastapi import APIRouter, Request, Response

from kyros_api.answers import json_response
from kyros_api.auth.revocation import is_revoked, refuse_revoked
from kyros_api.auth.schemas import AccessToken
from kyros_api.dependencies import CurrentUser, Services, note_caller
from kyros_api.openapi.refusals import refuses
from kyros_api.tokens.description import REFUSED, REQUEST_BODY
from kyros_api.tokens.exchange import Wanted, exchange
from kyros_api.tokens.schemas import ExchangeRequest, IssuedToken
from kyros_api.tokens.standard import NO_STORE, read_request, standard_errors

router = APIRouter(prefix="/api/token", tags=["tokens"])


@router.post("/exchange", operation_id="exchangeToken", response_model=AccessToken)
@refuses("TENANT_ACCESS_DENIED", "DATABASE_UNAVAILABLE", "AUDIT_UNAVAILABLE")
async def exchange_token(body: ExchangeRequest, user: CurrentUser, services: Services) -> Response:
    """Give a token for one tenant, if the database says at this moment that it is theirs.

    The list of tenants in the user token is not asked: access revoked since sign-in is access
    gone, and access granted since is there. Another's tenant and one that does not exist are
    refused alike.
    """
    issued = await exchange(user, Wanted(body.tenant_id), services)
    return json_response(AccessToken(access_token=issued.token, expires_in=issued.expires_in))


@router.post(
    "", operation_id="exchangeTokenByStandard", responses=REFUSED, openapi_extra=REQUEST_BODY
)
async def exchange_token_by_standard(
    request: Request, response: Response, services: Services
) -> IssuedToken:
    """Give a token for one tenant by RFC 8693, OAuth 2.0 Token Exchange.

    The same exchange, for clients that speak OAuth. The tenant is its id in ``audience``, or
    ``urn:kyros:tenant:ID`` in ``resource``. A scope is a role: an admin may ask for a token that
    makes a mere ``viewer`` of them. Clients are not registered; credentials of theirs are ignored.
    """
    asked = await read_request(request)
    with standard_errors(request):
        user = services.authority.verify_user_token(asked.subject_token)
        note_caller(request, user)
        refuse_revoked(revoked=await services.metadata.read(is_revoked, user.jti))
        issued = await exchange(user, asked.wanted, services)
    response.headers.update(NO_STORE)
    return IssuedToken(
        access_token=issued.token,
        issued_token_type=asked.issued_token_type,
        expires_in=issued.expires_in,
        scope=issued.role,
    )
