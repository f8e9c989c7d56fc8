"""A user token becomes a tenant token."""

from fastapi import APIRouter

from kyros_api.auth.queries import find_membership
from kyros_api.auth.schemas import AccessToken
from kyros_api.dependencies import Audit, Authority, CurrentUser, Database
from kyros_api.errors import ForbiddenError
from kyros_api.tokens.schemas import ExchangeRequest
from kyros_shared_config import TENANT_TOKEN_LIFETIME, TenantClaims

router = APIRouter(prefix="/api/token", tags=["tokens"])


@router.post("/exchange")
async def exchange(
    body: ExchangeRequest,
    user: CurrentUser,
    database: Database,
    authority: Authority,
    audit: Audit,
) -> AccessToken:
    """Give a token for one tenant, if the database says at this moment that it is theirs.

    The user token's own list is not asked: access revoked since sign-in is access gone, and
    access granted since is there.
    """
    membership = await database.read(find_membership, user.sub, body.tenant_id)
    if membership is None:
        raise ForbiddenError(
            "TENANT_ACCESS_DENIED",
            "You have no access to this tenant.",
            action="token.exchange",
            tenant_id=body.tenant_id,
        )
    audit.record("token.exchange", "allowed", actor=user.email, tenant_id=body.tenant_id)
    claims = TenantClaims(
        sub=user.sub, email=membership.email, tenant_id=body.tenant_id, role=membership.role
    )
    return AccessToken(
        access_token=authority.mint_tenant_token(claims),
        expires_in=int(TENANT_TOKEN_LIFETIME.total_seconds()),
    )
